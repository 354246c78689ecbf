// Release metrics-server of Helm's chart metrics-server 3.13.1, in namespace kube-system.
import { Chart, Duration } from 'cdk8s';
import {
  FsGroupChangePolicy,
  Image,
  MetricsServer,
  NodeAddressType,
  SecretRef,
  SecurityProfile,
  ServiceType,
  ServingCertificate,
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
      name: 'resource-metrics',
      selectorLabels: { 'app.kubernetes.io/name': 'metrics-server', 'app.kubernetes.io/instance': 'metrics-server' },
      // The pods have these as well, which the chart leaves out.
      labels: { team: 'platform' },
      // The values have no image.tag: v0.8.1 is the image of chart 3.13.1. Where the release runs another, say
      // --app-version.
      image: Image.upstream('v0.8.1'),
      // kube-apiserver does not verify this one. The companion image keeps one that it does: leave image and
      // servingCertificate out.
      servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
      metricResolution: Duration.seconds(90),
      kubeletRequestTimeout: Duration.seconds(20),
      kubeletPreferredAddressTypes: [NodeAddressType.HOSTNAME],
      kubeletUseNodeStatusPort: false,
      scrapeNodeSelector: 'metrics!=off',
      podLabels: { 'sidecar.istio.io/inject': 'false' },
      podAnnotations: { 'prometheus.io/scrape': 'true' },
      priorityClassName: '',
      securePort: 4443,
      podSecurityContext: {
        fsGroup: 2000,
        fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH,
        seccompProfile: SecurityProfile.localhost('profiles/metrics.json'),
      },
      containerSecurityContext: { runAsUser: 65532, runAsGroup: 65532 },
      livenessProbe: { failureThreshold: 6, timeout: Duration.seconds(5) },
      readinessProbe: { initialDelay: Duration.seconds(5) },
      tmpVolume: Volume.emptyDir('tmp'),
      schedulerName: 'my-scheduler',
      serviceType: ServiceType.NODE_PORT,
      servicePort: 8443,
      serviceAnnotations: { 'example.com/owner': 'platform' },
      serviceLabels: { 'kubernetes.io/cluster-service': 'true' },
      createdServiceAccountName: 'resource-metrics-reader',
      serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/metrics' },
      serviceAccountSecrets: [SecretRef.fromName('registry-credentials')],
    });
  }
}

// Moving the release in a cluster
// (https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-helm.md says more):
// before the first apply
//   # an apply would keep the container metrics-server in its pods; those that run go on, and the new Deployment takes
//   # them over:
//   kubectl delete deployment resource-metrics -n kube-system --cascade=orphan
// apply, by either of
//   kubectl apply -f dist/
//   kubectl apply --server-side --force-conflicts -f dist/
// when the new pods are ready
//   # left over:
//   kubectl delete clusterrole system:resource-metrics-aggregated-reader system:resource-metrics
//   kubectl delete clusterrolebinding system:resource-metrics resource-metrics:system:auth-delegator
//   kubectl delete rolebinding resource-metrics-auth-reader -n kube-system
// some days later, when nobody wants to go back by `helm rollback`
//   # Helm's record of the release; `helm uninstall` would delete what runs:
//   kubectl delete secret -n kube-system -l owner=helm,name=metrics-server
