// Release metrics-server of Helm's chart metrics-server 3.13.1, in namespace kube-system.
import { Chart } from 'cdk8s';
import { Image, MetricsServer, ServingCertificate, Volume } from 'cdk8s-metrics-server';
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
      servingCertificate: ServingCertificate.certManager(),
      tmpVolume: Volume.emptyDir('tmp'),
    });
  }
}

// Moving the release in a cluster
// (https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-helm.md says more):
// before the first apply
//   # an apply would keep the volume certs in its pods; those that run go on, and the new Deployment takes them over:
//   kubectl delete deployment metrics-server -n kube-system --cascade=orphan
// apply, by either of
//   kubectl apply -f dist/
//   kubectl apply --server-side --force-conflicts -f dist/
// when the new pods are ready
//   # left over:
//   kubectl delete clusterrole system:metrics-server-aggregated-reader
//   kubectl delete certificate metrics-server -n kube-system
//   kubectl delete issuer metrics-server-issuer -n kube-system
//   kubectl delete secret metrics-server -n kube-system
// some days later, when nobody wants to go back by `helm rollback`
//   # Helm's record of the release; `helm uninstall` would delete what runs:
//   kubectl delete secret -n kube-system -l owner=helm,name=metrics-server
