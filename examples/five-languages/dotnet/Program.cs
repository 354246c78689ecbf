using Org.Cdk8s;
using Cdk8sMetricsServer;

// The same chart in TypeScript, Python, Java, Go and C#.
var app = new App();
var chart = new Chart(app, "five-languages");

new MetricsServer(chart, "metrics-server", new MetricsServerProps
{
    Replicas = 2,
    MetricResolution = Duration.Seconds(30),
    KubeletPreferredAddressTypes = new[] { NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME },
    Resources = new ContainerResources { Requests = new ResourceQuantities { Cpu = "200m", Memory = "400Mi" } },
    Labels = new Dictionary<string, string> { { "team", "platform" } }
});

app.Synth();
