import { Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { CA_CERTIFICATE } from './certificates';
import { monitoringProps } from './random-monitoring';
import { podProps, withoutPodContradictions } from './random-pods';
import { labels, optional, word } from './random-values';
import {
  ConfigMapRef, GitOps, IssuerRef, KubeletAccess, MetricsServer, MetricsServerProps, NannyConfiguration, NannyEstimator, NannyOptions,
  PercentOrAbsolute, Platform, SecretRef, ServiceType, ServingCertificate, Sizing, TaintEffect, UnhealthyPodEvictionPolicy, UpdateStrategy,
} from '../src';

const servingCertificate = fc.oneof(
  fc.constantFrom(ServingCertificate.selfManaged(), ServingCertificate.insecureSkipTlsVerify()),
  fc.record({
    issuer: optional(fc.constantFrom(IssuerRef.issuer('given-issuer'), IssuerRef.clusterIssuer('given-issuer'))),
    duration: optional(fc.integer({ min: 2, max: 1000 }).map((hours) => Duration.hours(hours))),
    renewBefore: optional(fc.integer({ min: 5, max: 119 }).map((minutes) => Duration.minutes(minutes))),
    clusterDomain: optional(word),
    injectorAnnotations: optional(fc.boolean()),
    annotations: optional(labels),
    labels: optional(labels),
  }).map((options) => ServingCertificate.certManager(options)),
  fc.constant(ServingCertificate.fromSecret(SecretRef.fromName('given-certificate'), { caBundle: CA_CERTIFICATE })),
  fc.constant(ServingCertificate.fromFiles({ certificate: '/given/tls.crt', privateKey: '/given/tls.key', caBundle: CA_CERTIFICATE })),
);

/**
 * Valid properties of a MetricsServer. One that gets an entry here is part of whatever is tested to hold for any
 * properties. Objects that exist already are named `given-…`.
 */
export const metricsServerProps: fc.Arbitrary<MetricsServerProps> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  selectorLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`s/${key}`, value])))),
  nodeSelector: optional(labels),
  replicas: optional(fc.integer({ min: 1, max: 9 })),
  resources: optional(fc.record({
    requests: fc.constant({ cpu: '100m', memory: '200Mi' }),
    limits: optional(fc.constant({ cpu: '1', memory: '1Gi' })),
  })),
  tolerations: optional(fc.array(fc.record({ key: word, effect: fc.constant(TaintEffect.NO_SCHEDULE) }), { maxLength: 3 })),
  metricResolution: optional(fc.integer({ min: 15, max: 120 }).map((seconds) => Duration.seconds(seconds))),
  // Between one and ten of each of those resolutions.
  metricRetention: optional(fc.constant(Duration.seconds(120))),
  watchContainerStates: optional(fc.boolean()),
  nodeEvents: optional(fc.boolean()),
  scrapeNodeSelector: optional(fc.constant('metrics!=off')),
  kubeletAccess: optional(fc.constantFrom(
    KubeletAccess.clusterCa(), KubeletAccess.clusterCa().bindKubeletApiAdmin(), KubeletAccess.insecureSkipTlsVerify(),
    KubeletAccess.clientCertificate(SecretRef.fromName('given-kubelet-client'), { certificateAuthority: ConfigMapRef.fromName('given-kubelet-ca') }),
  )),
  servingCertificate: optional(servingCertificate),
  platform: optional(fc.constantFrom(Platform.eks(), Platform.gke(), Platform.fargate(), Platform.kubeadm())),
  sizing: optional(fc.integer({ min: 1, max: 5000 }).map((nodes) => Sizing.forNodes(nodes))),
  clusterVersion: optional(fc.constantFrom('1.34', '1.37')),
  gitOps: optional(fc.constant(GitOps.argoCd())),
  servicePort: optional(fc.integer({ min: 1, max: 65535 })),
  serviceType: optional(fc.constantFrom(...Object.values(ServiceType))),
  headlessService: optional(fc.boolean()),
  serviceLabels: optional(labels),
  serviceAnnotations: optional(labels),
  apiServices: optional(fc.boolean()),
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
  disruptionBudget: optional(fc.record({
    maxUnavailable: fc.integer({ min: 1, max: 100 }).map((percent) => PercentOrAbsolute.percent(percent)),
    unhealthyPodEvictionPolicy: optional(fc.constantFrom(...Object.values(UnhealthyPodEvictionPolicy))),
  })),
  networkPolicy: optional(fc.record({
    apiServerCidrs: optional(fc.subarray(['10.0.0.0/28', 'fd00::/64'], { minLength: 1 })),
    scraperNamespaces: fc.subarray(['monitoring']),
    nodeCidrs: optional(fc.subarray(['10.1.0.0/16'], { minLength: 1 })),
    dns: optional(fc.boolean()),
  })),
  ...podProps,
  ...monitoringProps,
}).map(withoutContradictions);

/** What cannot be together is left out. */
function withoutContradictions(props: MetricsServerProps): MetricsServerProps {
  return {
    // Pods of Fargate have no host.
    ...withoutPodContradictions(props, props.platform?.name !== Platform.fargate().name),
    headlessService: props.serviceType === undefined ? props.headlessService : undefined,
    gitOps: props.apiServices === false ? undefined : props.gitOps,
  };
}

/** Valid options of a nanny. */
export const nannyOptions: fc.Arbitrary<NannyOptions> = fc.record({
  cpu: fc.constant({ base: '20m', perNode: '1m' }),
  memory: fc.constant({ base: '40Mi', perNode: '2Mi' }),
  estimator: optional(fc.constantFrom(NannyEstimator.linear(), NannyEstimator.exponential())),
  configuration: optional(fc.constantFrom(NannyConfiguration.configMap(), NannyConfiguration.ensureExists())),
  scaleDownDelay: optional(fc.constant(Duration.minutes(10))),
});

/** A metrics server with these properties, and with a nanny where one is possible. */
export function addMetricsServer(chart: Chart, given: MetricsServerProps, nanny?: NannyOptions): MetricsServer {
  const metricsServer = new MetricsServer(chart, 'ms', given);
  if (nanny && (given.replicas ?? 1) === 1 && !given.highAvailability) metricsServer.server.addNanny(nanny);
  return metricsServer;
}
