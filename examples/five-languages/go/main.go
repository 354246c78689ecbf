// The same chart in TypeScript, Python, Java, Go and C#.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-metrics-server/cdk8s-metrics-server-go/metricsserver"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("five-languages"), nil)

	metricsserver.NewMetricsServer(chart, jsii.String("metrics-server"), &metricsserver.MetricsServerProps{
		Replicas:         jsii.Number(2),
		MetricResolution: cdk8s.Duration_Seconds(jsii.Number(30)),
		KubeletPreferredAddressTypes: &[]metricsserver.NodeAddressType{
			metricsserver.NodeAddressType_INTERNAL_IP(),
			metricsserver.NodeAddressType_HOSTNAME(),
		},
		Resources: &metricsserver.ContainerResources{
			Requests: &metricsserver.ResourceQuantities{Cpu: jsii.String("200m"), Memory: jsii.String("400Mi")},
		},
		Labels: &map[string]*string{"team": jsii.String("platform")},
	})

	app.Synth()
}
