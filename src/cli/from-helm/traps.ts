import { flagsOf, listOf } from './command-line';
import { Values } from './values';

/** Values of the chart that do something else than they seem to. */
export interface Trap {
  readonly title: string;
  /** What the chart does. */
  readonly chart: string;
  /** What this package does instead. */
  readonly instead: string;
  /** Property whose comment says so. */
  readonly property: string;
  /** Rules that find it in a manifest. */
  readonly rules: readonly string[];
  readonly isSteppedInto: (values: Values) => boolean;
}

const PROBE_PATHS = ['/livez', '/readyz'];

export const TRAPS: readonly Trap[] = [
  {
    title: '`/metrics` in the always-allowed paths removes those of the probes',
    chart: '`metrics.enabled` sets `--authorization-always-allow-paths=/metrics`, which replaces `/healthz`, `/livez` and `/readyz`: each probe then asks kube-apiserver, and when that is down the pod is killed',
    instead: 'the paths of the probes stay allowed, and `/metrics` asks for authorization unless `args` open it',
    property: 'monitoring',
    rules: ['probe-paths-need-authorization', 'public-metrics'],
    isSteppedInto: (values) => !PROBE_PATHS.every((path) => alwaysAllowed(values).includes(path)),
  },
  {
    title: '`caBundle` beside `insecureSkipTLSVerify`',
    chart: '`apiService.insecureSkipTLSVerify` stays `true` where the certificate has a CA, and kube-apiserver refuses the two together',
    instead: 'whether kube-apiserver verifies follows from the kind of certificate',
    property: 'servingCertificate',
    rules: ['ca-bundle-beside-insecure-tls'],
    isSteppedInto: (values) => values.boolean('apiService.insecureSkipTLSVerify')
      && (['helm', 'cert-manager'].includes(values.text('tls.type')) || values.text('apiService.caBundle') !== ''),
  },
  {
    title: 'a certificate that expires unnoticed',
    chart: '`tls.type: helm` makes a certificate once, valid for `tls.helm.certDurationDays`, and `tls.helm.lookup` takes it over at each upgrade without a look at its end',
    instead: 'the companion image renews its certificate while it runs; the old and the new CA are trusted meanwhile',
    property: 'servingCertificate',
    rules: [],
    isSteppedInto: (values) => values.text('tls.type') === 'helm',
  },
  {
    title: '`hostNetwork` on the kubelet\'s port, and without its DNS policy',
    chart: '`hostNetwork.enabled` keeps `dnsPolicy: ClusterFirst`, with which a pod of the node\'s network resolves no Service, and `containerPort` 10250, which the kubelet has taken',
    instead: '`dnsPolicy` is `ClusterFirstWithHostNet`, and the port is 4443 unless another is given: the kubelet\'s is refused',
    property: 'hostNetwork',
    rules: ['host-network-kubelet-port', 'host-network-dns'],
    isSteppedInto: (values) => values.boolean('hostNetwork.enabled'),
  },
  {
    title: 'no node selector for Linux',
    chart: 'the pods may be put on a Windows node, where the image does not start',
    instead: '`nodeSelector` is `kubernetes.io/os: linux` unless another is given',
    property: 'nodeSelector',
    rules: ['no-linux-node-selector'],
    isSteppedInto: (values) => values.map('nodeSelector')['kubernetes.io/os'] !== 'linux',
  },
  {
    title: 'every ConfigMap of the cluster can be read',
    chart: 'the ClusterRole reads ConfigMaps and namespaces in the whole cluster, which metrics-server has no use for',
    instead: 'the ClusterRole reads nodes, pods and `nodes/metrics`',
    property: 'rbac',
    rules: ['cluster-wide-config-maps'],
    isSteppedInto: (values) => values.boolean('rbac.create'),
  },
  {
    title: 'a ServiceMonitor without authorization',
    chart: 'the ServiceMonitor shows no credentials, so `/metrics` has to be open to everyone',
    instead: 'the ServiceMonitor has a token, and a ClusterRole lets it read `/metrics`',
    property: 'monitoring',
    rules: ['public-metrics'],
    isSteppedInto: (values) => values.boolean('metrics.enabled') && values.boolean('serviceMonitor.enabled'),
  },
  {
    title: 'a `caBundle` that is never filled',
    chart: '`tls.existingSecret.lookup` is to fill `caBundle` from the Secret; the template assigns it to a variable that nothing reads',
    instead: '`caBundle` is given with the Secret, or someone is known to fill it',
    property: 'servingCertificate',
    rules: ['ca-bundle-never-filled'],
    isSteppedInto: (values) => values.text('tls.type') === 'existingSecret' && values.boolean('tls.existingSecret.lookup') && values.text('apiService.caBundle') === '',
  },
];

/** Paths that the chart's server answers everyone. Those of its own argument and of the values' add up, and replace the server's defaults. */
function alwaysAllowed(values: Values): readonly string[] {
  const given = listOf(flagsOf(values), 'authorization-always-allow-paths');
  const ofChart = values.boolean('metrics.enabled') ? ['/metrics'] : undefined;
  return given || ofChart ? [...ofChart ?? [], ...given ?? []] : PROBE_PATHS;
}
