import { Duration } from 'cdk8s';
import { added, NamedDifference } from './compare-manifests';
import { describeGoldenSet, Renamed } from './golden-set';
import {
  Image, KubeletAccess, MetricsServer, MetricsServerProps, Monitoring, NannyConfiguration, ServiceType, ServingCertificate, Sizing, Volume,
} from '../../src';

/** A release of the chart, and what the values of one rendering add to it. */
interface Rendering {
  readonly values: string;
  readonly props?: MetricsServerProps;
  readonly renamed?: readonly Renamed[];
  readonly differences?: readonly NamedDifference[];
}

const RELEASE: MetricsServerProps = {
  image: Image.upstream('v0.8.1'),
  servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
  selectorLabels: { 'app.kubernetes.io/name': 'metrics-server', 'app.kubernetes.io/instance': 'metrics-server' },
  labels: { 'helm.sh/chart': 'metrics-server-3.13.1', 'app.kubernetes.io/version': '0.8.1', 'app.kubernetes.io/managed-by': 'Helm' },
  replicas: 1,
  serviceType: ServiceType.CLUSTER_IP,
  livenessProbe: { initialDelay: Duration.seconds(0) },
  tmpVolume: Volume.emptyDir('tmp'),
};

const deployment = 'Deployment kube-system/metrics-server';
const pod = `${deployment}.spec.template.spec`;
const server = `${pod}.containers.metrics-server`;
const nanny = `${pod}.containers.metrics-server-nanny`;
const monitor = 'ServiceMonitor kube-system/metrics-server';
const certificate = 'Certificate kube-system/metrics-server-tls';

const needless = 'metrics-server does not read it, and ConfigMaps may hold what is nobody\'s business';
const ofAllObjects = 'the labels of all objects are those of the pods as well';
const calledByWhatItIs = 'there are two Certificates with a Secret each, and two Issuers: each is called by what it is';
const smallKey = 'small keys and quick handshakes; whatever asks here verifies P-256';
const onlyServes = 'the certificate is for serving, not for clients';
const apart = 'a Secret stands beside the volume for temporary files, not in it';
const stableCa = 'a certificate that signs itself is a new CA with each renewal, which nobody knows until the injector has written it down';
const scraper = '/metrics is for those who are authorized: the scraper has a token of its own and the right to read it';

const IN_EACH: readonly NamedDifference[] = [
  { at: 'ClusterRole system:metrics-server.rules.1.resources.2', golden: 'namespaces', ours: undefined, reason: needless },
  { at: 'ClusterRole system:metrics-server.rules.1.resources.3', golden: 'configmaps', ours: undefined, reason: needless },
  {
    at: 'APIService v1beta1.metrics.k8s.io.spec.service.port',
    golden: 443,
    ours: undefined,
    reason: 'the default, left to Kubernetes, as in metrics-server\'s own manifests',
  },
  {
    at: `${deployment}.spec.strategy`,
    golden: undefined,
    ours: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } },
    reason: 'as in metrics-server\'s own manifests: no update takes the last pod away',
  },
  added(`${deployment}.spec.template.metadata.labels.helm.sh/chart`, ofAllObjects),
  added(`${deployment}.spec.template.metadata.labels.app.kubernetes.io/version`, ofAllObjects),
  added(`${deployment}.spec.template.metadata.labels.app.kubernetes.io/managed-by`, ofAllObjects),
  { at: `${pod}.nodeSelector`, golden: undefined, ours: { 'kubernetes.io/os': 'linux' }, reason: 'the image runs on Linux only' },
];

const RENDERINGS: readonly Rendering[] = [
  { values: 'default' },
  {
    values: 'host-network',
    props: { hostNetwork: true, securePort: 4443, kubeletAccess: KubeletAccess.insecureSkipTlsVerify() },
    differences: [
      { at: `${pod}.dnsPolicy`, golden: undefined, ours: 'ClusterFirstWithHostNet', reason: 'the node\'s resolver knows no Services' },
      { at: `${server}.ports.0.hostPort`, golden: undefined, ours: 4443, reason: 'what Kubernetes fills in on the node\'s network' },
    ],
  },
  {
    values: 'nanny',
    props: { sizing: Sizing.nanny({ useMetrics: true, configuration: NannyConfiguration.configMap() }) },
    renamed: [{
      golden: 'Role kube-system/system:metrics-server-nanny',
      ours: 'Role kube-system/metrics-server-nanny',
      reason: 'as in metrics-server\'s own manifests; `system:` is for Kubernetes\' roles',
    }],
    differences: [
      {
        at: 'RoleBinding kube-system/metrics-server-nanny.roleRef.name',
        golden: 'system:metrics-server-nanny',
        ours: 'metrics-server-nanny',
        reason: 'that is the Role\'s name here',
      },
      {
        at: `${server}.resources`,
        golden: { requests: { cpu: '100m', memory: '200Mi' } },
        ours: undefined,
        reason: 'the nanny sets them, and an apply that says otherwise would take them back and restart the pod',
      },
      {
        at: `${nanny}.image`,
        golden: 'registry.k8s.io/autoscaling/addon-resizer:1.8.23',
        ours: 'registry.k8s.io/autoscaling/addon-resizer:1.8.24',
        reason: '1.8.23 counts no nodes by metrics from Kubernetes 1.37 on',
      },
      added(`${nanny}.volumeMounts./etc/config.readOnly`, 'nobody writes to a ConfigMap'),
    ],
  },
  {
    values: 'service-monitor',
    props: { monitoring: Monitoring.serviceMonitor({ interval: Duration.minutes(1), scrapeTimeout: Duration.seconds(10) }) },
    differences: [
      {
        at: `${server}.args.--authorization-always-allow-paths`,
        golden: '/metrics',
        ours: undefined,
        reason: 'it opens /metrics to everyone and takes the place of the paths of the probes, which then fail while kube-apiserver is away',
      },
      added('ClusterRole metrics-server:metrics-reader', scraper),
      added('ClusterRoleBinding metrics-server:metrics-reader', scraper),
      added('ServiceAccount kube-system/metrics-server-scraper', scraper),
      added('Secret kube-system/metrics-server-scraper-token', scraper),
      added(`${monitor}.spec.endpoints.0.authorization`, scraper),
      { at: `${monitor}.spec.endpoints.0.interval`, golden: '1m', ours: '60s', reason: 'the same time' },
      {
        at: `${monitor}.spec.jobLabel`,
        golden: 'app.kubernetes.io/instance',
        ours: undefined,
        reason: 'the job is called as the Service is, here the same; `relabelings` can call it otherwise',
      },
    ],
  },
  {
    values: 'cert-manager',
    props: { servingCertificate: ServingCertificate.certManager() },
    renamed: [
      {
        golden: 'Certificate kube-system/metrics-server',
        ours: 'Certificate kube-system/metrics-server-tls',
        reason: calledByWhatItIs,
      },
      {
        golden: 'Issuer kube-system/metrics-server-issuer',
        ours: 'Issuer kube-system/metrics-server-self-signed',
        reason: calledByWhatItIs,
      },
    ],
    differences: [
      added('Certificate kube-system/metrics-server-ca', stableCa),
      added('Issuer kube-system/metrics-server-ca', stableCa),
      { at: `${certificate}.spec.issuerRef.name`, golden: 'metrics-server-issuer', ours: 'metrics-server-ca', reason: stableCa },
      {
        at: 'APIService v1beta1.metrics.k8s.io.metadata.annotations.cert-manager.io/inject-ca-from',
        golden: 'kube-system/metrics-server',
        ours: 'kube-system/metrics-server-tls',
        reason: calledByWhatItIs,
      },
      { at: `${certificate}.spec.secretName`, golden: 'metrics-server', ours: 'metrics-server-tls', reason: calledByWhatItIs },
      added(`${certificate}.metadata.labels`, 'every object has them'),
      added('Issuer kube-system/metrics-server-self-signed.metadata.labels', 'every object has them'),
      { at: `${certificate}.spec.commonName`, golden: 'metrics-server', ours: undefined, reason: 'clients look at the DNS names alone' },
      { at: `${certificate}.spec.usages.0`, golden: 'server auth', ours: 'digital signature', reason: onlyServes },
      { at: `${certificate}.spec.usages.1`, golden: 'client auth', ours: 'server auth', reason: onlyServes },
      { at: `${certificate}.spec.privateKey.algorithm`, golden: 'RSA', ours: 'ECDSA', reason: smallKey },
      { at: `${certificate}.spec.privateKey.size`, golden: 2048, ours: 256, reason: smallKey },
      {
        at: `${certificate}.spec.privateKey.rotationPolicy`,
        golden: undefined,
        ours: 'Always',
        reason: 'before cert-manager v1.18 a key was kept for ever',
      },
      { at: `${server}.args.--cert-dir`, golden: '/tmp', ours: undefined, reason: 'the server makes no certificate, and so needs no place for one' },
      { at: `${server}.args.--tls-cert-file`, golden: '/tmp/tls-certs/tls.crt', ours: '/serving-certificate/tls.crt', reason: apart },
      { at: `${server}.args.--tls-private-key-file`, golden: '/tmp/tls-certs/tls.key', ours: '/serving-certificate/tls.key', reason: apart },
      {
        at: `${server}.volumeMounts./tmp/tls-certs`,
        golden: { mountPath: '/tmp/tls-certs', name: 'certs', readOnly: true },
        ours: undefined,
        reason: apart,
      },
      {
        at: `${server}.volumeMounts./serving-certificate`,
        golden: undefined,
        ours: { mountPath: '/serving-certificate', name: 'serving-certificate', readOnly: true },
        reason: apart,
      },
      { at: `${pod}.volumes.certs`, golden: { name: 'certs', secret: { secretName: 'metrics-server' } }, ours: undefined, reason: apart },
      {
        at: `${pod}.volumes.serving-certificate`,
        golden: undefined,
        ours: { name: 'serving-certificate', secret: { secretName: 'metrics-server-tls' } },
        reason: apart,
      },
    ],
  },
];

RENDERINGS.forEach(({ values, props, renamed, differences = [] }) => describeGoldenSet({
  name: `Helm's chart 3.13.1 with the values ${values}`,
  golden: [`helm-chart-3.13.1/${values}.yaml`],
  synthesize: (chart) => void new MetricsServer(chart, 'metrics-server', { ...RELEASE, ...props }),
  renamed: [...renamed ?? [], {
    golden: 'ClusterRole system:metrics-server-aggregated-reader',
    ours: 'ClusterRole system:aggregated-metrics-reader',
    reason: 'as in metrics-server\'s own manifests: it belongs to the API, whoever serves that',
  }],
  differences: [...IN_EACH, ...differences],
}));
