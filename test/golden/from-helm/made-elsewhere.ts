// Release metrics-server of Helm's chart metrics-server 3.13.1, in namespace kube-system.
import { Chart } from 'cdk8s';
import {
  Image,
  KubeletAccess,
  MetricsServer,
  ServiceAccountRef,
  ServingCertificate,
  UpdateStrategy,
  Volume,
} from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class MetricsServerChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Trap of the chart: the pods may be put on a Windows node, where the image does not start. Here `nodeSelector` is
    // `kubernetes.io/os: linux` unless another is given.
    new MetricsServer(this, 'metrics-server', {
      selectorLabels: { 'app.kubernetes.io/name': 'metrics-server', 'app.kubernetes.io/instance': 'metrics-server' },
      // The values have no image.tag: v0.8.1 is the image of chart 3.13.1. Where the release runs another, say
      // --app-version.
      image: Image.upstream('v0.8.1'),
      apiServices: false,
      // kube-apiserver does not verify this one. The companion image keeps one that it does: leave image and
      // servingCertificate out.
      servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
      kubeletPort: 10255,
      kubeletAccess: KubeletAccess.readOnlyPort(),
      tmpVolume: Volume.emptyDir('tmp'),
      updateStrategy: UpdateStrategy.recreate(),
      serviceAccount: ServiceAccountRef.fromName('metrics'),
      rbac: false,
    });
  }
}

// Moving the release in a cluster
// (https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-helm.md says more):
// apply, by either of
//   kubectl apply -f dist/
//   kubectl apply --server-side --force-conflicts -f dist/
// some days later, when nobody wants to go back by `helm rollback`
//   # Helm's record of the release; `helm uninstall` would delete what runs:
//   kubectl delete secret -n kube-system -l owner=helm,name=metrics-server
