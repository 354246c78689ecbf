import { Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { CA_CERTIFICATE } from './certificates';
import { monitoringProps } from './random-monitoring';
import { podProps, withoutPodContradictions } from './random-pods';
import { duration, labels, optional, word } from './random-values';
import {
  ConfigMapRef, GitOps, Image, ImagePullPolicy, IssuerRef, KubeletAccess, MetricsServer, MetricsServerProps, NannyConfiguration, NannyEstimator,
  KubeletSource, NannyOptions, NetworkPolicyEgress, NodeAddressType, PercentOrAbsolute, Platform,
  SecretRef, ServiceAccountRef, ServiceType, ServingCertificate, Sizing,
  UnhealthyPodEvictionPolicy, UpdateStrategy, Volume,
} from '../src';

const [SELF_MANAGED, INSECURE] = [ServingCertificate.selfManaged(), ServingCertificate.insecureSkipTlsVerify()];
const servingCertificate = fc.oneof(
  fc.constantFrom(SELF_MANAGED, INSECURE),
  fc.record({
    issuer: optional(fc.constantFrom(
      IssuerRef.issuer('given-issuer'), IssuerRef.clusterIssuer('given-issuer'), IssuerRef.external('given-issuer', 'AWSPCAClusterIssuer', 'awspca.cert-manager.io'),
    )),
    duration: optional(fc.integer({ min: 2, max: 1000 }).map((hours) => Duration.hours(hours))),
    renewBefore: optional(fc.integer({ min: 5, max: 119 }).map((minutes) => Duration.minutes(minutes))),
    clusterDomain: optional(word),
    injectorAnnotations: optional(fc.boolean()),
    annotations: optional(labels),
    labels: optional(labels),
  }).map((options) => ServingCertificate.certManager(options)),
  fc.constant(ServingCertificate.fromSecret(SecretRef.fromName('given-certificate'), { caBundle: CA_CERTIFICATE })),
  optional(fc.constant(Volume.secret('given-tls', SecretRef.fromName('given-certificate')))).map((volume) =>
    ServingCertificate.fromFiles({ certificate: '/given-tls/tls.crt', privateKey: '/given-tls/tls.key', caBundle: CA_CERTIFICATE, volume })),
);

/**
 * Valid properties of a MetricsServer. One that gets an entry here is part of whatever is tested to hold for any
 * properties. Objects that exist already are named `given-…`.
 */
const READ_ONLY_PORT = KubeletAccess.readOnlyPort();
const CA = ConfigMapRef.fromName('given-kubelet-ca');
const NANNY = Sizing.nanny({ cpu: { base: '20m', perNode: '1m' }, memory: { base: '40Mi', perNode: '2Mi' } });

/** The companion image, releases with its flags, and older ones that know fewer. */
const IMAGES = [
  Image.companion(), Image.upstream('v0.9.0'), Image.custom('registry.example.com/ms:1', { compatibleWith: Image.companion() }),
  Image.upstream('v0.8.1'), Image.upstream('v0.6.4'), Image.upstream('v0.5.2'), Image.upstream('v0.4.4'), Image.upstream('v0.3.7'),
];
const [COMPANION, , CUSTOM] = IMAGES;

export const metricsServerProps: fc.Arbitrary<MetricsServerProps> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  selectorLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`s/${key}`, value])))),
  replicas: optional(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  resources: optional(fc.record({
    requests: fc.constant({ cpu: '100m', memory: '200Mi' }),
    limits: optional(fc.constant({ cpu: '1', memory: '1Gi' })),
  })),
  metricResolution: optional(fc.integer({ min: 15, max: 120 }).map((seconds) => Duration.seconds(seconds))),
  // Between one and ten of each of those resolutions.
  metricRetention: optional(fc.constant(Duration.seconds(120))),
  watchContainerStates: optional(fc.boolean()),
  nodeEvents: optional(fc.boolean()),
  upstreamCompatible: optional(fc.boolean()),
  shutdownDelay: optional(fc.constantFrom(0, 10).map((seconds) => Duration.seconds(seconds))),
  kubeletSource: optional(fc.constantFrom(KubeletSource.RESOURCE, KubeletSource.SUMMARY, KubeletSource.AUTO)),
  scrapeNodeSelector: optional(fc.constant('metrics!=off')),
  image: optional(fc.constantFrom(...IMAGES)),
  name: optional(word.map((name) => `ms-${name}`)),
  kubeletAccess: optional(fc.constantFrom(
    KubeletAccess.clusterCa(), KubeletAccess.clusterCa().bindKubeletApiAdmin(), KubeletAccess.insecureSkipTlsVerify(), READ_ONLY_PORT,
    KubeletAccess.certificateAuthority(CA), KubeletAccess.kubeconfig(SecretRef.fromName('given-kubeconfig')),
    KubeletAccess.clientCertificate(SecretRef.fromName('given-kubelet-client'), { certificateAuthority: CA }),
  )),
  kubeletPort: optional(fc.constantFrom(10250, 20250)),
  kubeletUseNodeStatusPort: optional(fc.boolean()),
  kubeletPreferredAddressTypes: optional(fc.shuffledSubarray([
    NodeAddressType.INTERNAL_IP, NodeAddressType.EXTERNAL_IP, NodeAddressType.HOSTNAME, NodeAddressType.INTERNAL_DNS, NodeAddressType.of('ExternalDNS'),
  ], { minLength: 1 })),
  kubeletRequestTimeout: optional(fc.integer({ min: 1, max: 13 }).map((seconds) => Duration.seconds(seconds))),
  extraArgs: optional(fc.constant<string[]>(['--v=2'])),
  serviceAccount: optional(fc.constant(ServiceAccountRef.fromName('given-account'))),
  servingCertificate: optional(servingCertificate),
  platform: optional(fc.constantFrom(
    Platform.aks(), Platform.eks(), Platform.fargate(), Platform.gke(), Platform.k3s(), Platform.kind(), Platform.kubeadm(), Platform.openshift(),
  )),
  sizing: optional(fc.oneof(fc.integer({ min: 1, max: 5000 }).map((nodes) => Sizing.forNodes(nodes)), fc.constant(NANNY))),
  clusterVersion: optional(fc.integer({ min: 16, max: 37 }).map((minor) => `1.${minor}`)),
  gitOps: optional(fc.constant(GitOps.argoCd())),
  servicePort: optional(fc.integer({ min: 1, max: 65535 })),
  serviceType: optional(fc.constantFrom(...Object.values(ServiceType))),
  headlessService: optional(fc.boolean()),
  serviceLabels: optional(labels),
  serviceAnnotations: optional(labels),
  apiServices: optional(fc.boolean()),
  apiServiceAnnotations: optional(labels),
  deploymentAnnotations: optional(labels),
  revisionHistoryLimit: optional(fc.nat(20)),
  updateStrategy: optional(fc.constantFrom(
    UpdateStrategy.recreate(),
    UpdateStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.percent(50), maxUnavailable: PercentOrAbsolute.absolute(0) }),
  )),
  createdServiceAccountName: optional(word),
  serviceAccountAnnotations: optional(labels),
  serviceAccountSecrets: optional(fc.array(fc.constant(SecretRef.fromName('given-secret')), { maxLength: 1 })),
  rbac: optional(fc.boolean()),
  authBindings: optional(fc.boolean()),
  highAvailability: optional(fc.boolean()),
  disruptionBudget: optional(fc.oneof(
    fc.record({
      maxUnavailable: fc.integer({ min: 1, max: 100 }).map((percent) => PercentOrAbsolute.percent(percent)),
      unhealthyPodEvictionPolicy: optional(fc.constantFrom(...Object.values(UnhealthyPodEvictionPolicy))),
    }),
    fc.record({ minAvailable: fc.nat(9).map((pods) => PercentOrAbsolute.absolute(pods)) }),
    fc.constant({ enabled: false }),
  )),
  networkPolicy: optional(fc.record({
    apiServerCidrs: optional(fc.subarray(['10.0.0.0/28', 'fd00::/64'], { minLength: 1 })),
    scraperNamespaces: fc.subarray(['monitoring']),
    apiServerPorts: optional(fc.constant<number[]>([6443])),
    nodeCidrs: optional(fc.subarray(['10.1.0.0/16'], { minLength: 1 })),
    kubeletPorts: optional(fc.constant<number[]>([10250, 20250])),
    egress: optional(fc.constant<NetworkPolicyEgress[]>([{ cidrs: ['192.0.2.7/32'], ports: [5432] }])),
    dns: optional(fc.boolean()),
  })),
  ...podProps,
  ...monitoringProps,
}).map(withoutContradictions);

/** What cannot be together is left out. */
function withoutContradictions(given: MetricsServerProps): MetricsServerProps {
  const props = withoutUnknown(given);
  const { sizing, serviceAccount, kubeletAccess } = props;
  const { ownMetricsServer, hostNetwork = true } = props.platform?._facts ?? {};
  const apiServices = ownMetricsServer ? false : props.apiServices;
  return {
    ...withoutPodContradictions(props, hostNetwork),
    apiServices,
    headlessService: props.serviceType === undefined ? props.headlessService : undefined,
    ...apiServices === false ? { gitOps: undefined, apiServiceAnnotations: undefined } : {},
    ...kubeletAccess === READ_ONLY_PORT ? { kubeletUseNodeStatusPort: undefined, kubeletPort: undefined } : {},
    ...sizing === NANNY ? { replicas: undefined, highAvailability: undefined, resources: undefined } : {},
    ...serviceAccount ? { createdServiceAccountName: undefined, serviceAccountAnnotations: undefined, serviceAccountSecrets: undefined } : {},
  };
}

/** Without what the image or the cluster does not know, all of what is newer than the oldest of them. */
function withoutUnknown(props: MetricsServerProps): MetricsServerProps {
  const image = props.image ?? COMPANION;
  const isCompanion = image === COMPANION || image === CUSTOM;
  const isOld = IMAGES.indexOf(image) > IMAGES.indexOf(CUSTOM);
  const minor = Number(props.clusterVersion?.slice(2) ?? 37);
  const fits = isOld ? minor <= 21 : minor >= 19;
  return {
    ...props,
    ...props.terminationGracePeriod && props.terminationGracePeriod.toSeconds() <= 10 ? { shutdownDelay: undefined } : {},
    clusterVersion: fits && (!isOld || IMAGES.indexOf(image) > 4 || minor >= 19) ? props.clusterVersion : undefined,
    ...isCompanion ? {} : {
      metricRetention: undefined,
      watchContainerStates: undefined,
      nodeEvents: undefined,
      upstreamCompatible: undefined,
      kubeletSource: undefined,
      servingCertificate: props.servingCertificate === undefined || props.servingCertificate === SELF_MANAGED ? INSECURE : props.servingCertificate,
    },
    ...isOld ? {
      shutdownDelay: undefined,
      kubeletRequestTimeout: undefined,
      scrapeNodeSelector: undefined,
      kubeletUseNodeStatusPort: undefined,
      kubeletAccess: props.kubeletAccess === READ_ONLY_PORT ? READ_ONLY_PORT : KubeletAccess.clusterCa(),
      platform: undefined,
      monitoring: undefined,
      alertRules: undefined,
      dashboard: undefined,
      livenessProbe: undefined,
      readinessProbe: undefined,
      sizing: undefined,
    } : {},
    ...fits && minor < 33 ? {
      highAvailability: undefined,
      disruptionBudget: undefined,
      hostUsers: undefined,
      podSecurityContext: undefined,
      containerSecurityContext: undefined,
      affinity: undefined,
      topologySpreadConstraints: undefined,
      networkPolicy: undefined,
    } : {},
  };
}

/** Valid options of a nanny. */
export const nannyOptions: fc.Arbitrary<NannyOptions> = fc.record({
  cpu: fc.constant({ base: '20m', perNode: '1m' }),
  memory: fc.constant({ base: '40Mi', perNode: '2Mi' }),
  image: optional(fc.constantFrom('registry.example.com/addon-resizer:1.8.24', `registry.example.com/resizer@sha256:${'0'.repeat(64)}`)),
  threshold: optional(fc.integer({ min: 1, max: 100 })),
  pollPeriod: optional(duration),
  scaleUpDelay: optional(duration),
  useMetrics: optional(fc.boolean()),
  rbac: optional(fc.boolean()),
  resources: optional(fc.constant({ requests: { cpu: '5m', ephemeralStorage: '1Gi' }, limits: { memory: '30Mi' } })),
  containerSecurityContext: optional(fc.constant({ runAsUser: 65534 })),
  imagePullPolicy: optional(fc.constantFrom(...Object.values(ImagePullPolicy))),
  extraArgs: optional(fc.constant<string[]>(['--v=4'])),
  estimator: optional(fc.constantFrom(NannyEstimator.linear(), NannyEstimator.exponential())),
  configuration: optional(fc.constantFrom(
    NannyConfiguration.flags(), NannyConfiguration.configMap(), NannyConfiguration.ensureExists(), NannyConfiguration.existing(ConfigMapRef.fromName('given-sizes')),
  )),
  scaleDownDelay: optional(duration),
});

/** A metrics server with these properties, and with a nanny where one is possible. */
export function addMetricsServer(chart: Chart, given: MetricsServerProps, nanny?: NannyOptions): MetricsServer {
  const metricsServer = new MetricsServer(chart, 'ms', given);
  if (nanny && (given.replicas ?? 1) === 1 && !given.highAvailability && given.sizing !== NANNY) metricsServer.server.addNanny(nanny);
  return metricsServer;
}
