// Release metrics-server of Helm's chart metrics-server 3.13.1, in namespace kube-system.
import { Chart, Duration } from 'cdk8s';
import {
  Image,
  MetricsServer,
  NannyConfiguration,
  NannyEstimator,
  ServingCertificate,
  Sizing,
  Volume,
} from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class MetricsServerChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Trap of the chart: the pods may be put on a Windows node, where the image does not start. Here `nodeSelector` is
    // `kubernetes.io/os: linux` unless another is given.
    // Trap of the chart: the ClusterRole reads ConfigMaps and namespaces in the whole cluster, which metrics-server has
    // no use for. Here the ClusterRole reads nodes, pods and `nodes/metrics`.
    new MetricsServer(this, 'metrics-server', {
      selectorLabels: { 'app.kubernetes.io/name': 'metrics-server', 'app.kubernetes.io/instance': 'metrics-server' },
      // The values have no image.tag: v0.8.1 is the image of chart 3.13.1. Where the release runs another, say
      // --app-version.
      image: Image.upstream('v0.8.1'),
      // kube-apiserver does not verify this one. The companion image keeps one that it does: leave image and
      // servingCertificate out.
      servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
      tmpVolume: Volume.emptyDir('tmp'),
      // The nanny lists nodes to count them, where the chart reads a metric that Kubernetes 1.37 hides.
      sizing: Sizing.nanny({
        image: 'registry.k8s.io/autoscaling/addon-resizer:1.8.22',
        cpu: { base: '20m', perNode: '1m' },
        memory: { base: '15Mi', perNode: '2Mi' },
        estimator: NannyEstimator.exponential(10),
        threshold: 10,
        pollPeriod: Duration.minutes(1),
        configuration: NannyConfiguration.configMap(),
        resources: { requests: { cpu: '50m', memory: '30Mi' }, limits: { cpu: '50m', memory: '30Mi' } },
      }),
    });
  }
}

// Moving the release in a cluster
// (https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-helm.md says more):
// before the first apply
//   # a binding's role cannot be changed:
//   kubectl delete rolebinding metrics-server-nanny -n kube-system
// apply, by either of
//   kubectl apply -f dist/
//   kubectl apply --server-side --force-conflicts -f dist/
// when the new pods are ready
//   # left over:
//   kubectl delete clusterrole system:metrics-server-aggregated-reader
//   kubectl delete role system:metrics-server-nanny -n kube-system
// some days later, when nobody wants to go back by `helm rollback`
//   # Helm's record of the release; `helm uninstall` would delete what runs:
//   kubectl delete secret -n kube-system -l owner=helm,name=metrics-server
