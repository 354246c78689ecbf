// Release metrics-server of Helm's chart metrics-server 3.13.1, in namespace kube-system.
import { Chart } from 'cdk8s';
import { Image, KubeletAccess, MetricsServer, SecretRef, ServingCertificate, Volume } from 'cdk8s-metrics-server';
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
      kubeletAccess: KubeletAccess.clientCertificate(SecretRef.fromName('kubelet-client')),
      // /metrics stays open to everyone, as args say; without that, monitoring gives Prometheus the right to read it.
      extraArgs: ['--authorization-always-allow-paths=/healthz,/livez,/readyz,/metrics'],
      extraVolumes: [Volume.secret('kubelet-client-files', SecretRef.fromName('kubelet-client'))],
      extraVolumeMounts: [{ name: 'kubelet-client-files', mountPath: '/etc/kubelet-client' }],
      tmpVolume: Volume.emptyDir('tmp'),
    });
  }
}

// Moving the release in a cluster
// (https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-helm.md says more):
// apply, by either of
//   kubectl apply -f dist/
//   kubectl apply --server-side --force-conflicts -f dist/
// when the new pods are ready
//   # left over:
//   kubectl delete clusterrole system:metrics-server-aggregated-reader
// some days later, when nobody wants to go back by `helm rollback`
//   # Helm's record of the release; `helm uninstall` would delete what runs:
//   kubectl delete secret -n kube-system -l owner=helm,name=metrics-server
