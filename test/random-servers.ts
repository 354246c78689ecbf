import { Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { podProps, schedulingProps, withoutPodContradictions } from './random-pods';
import { labels, optional, word } from './random-values';
import {
  AggregatedApiService, AggregatedApiServiceProps, ApiGroupVersion, AuthDelegatorBindings, AuthDelegatorBindingsProps, ExtensionApiServer,
  ExtensionApiServerProps, Image, KubeletServingApprover, KubeletServingApproverProps, Platform, PolicyRule, ServiceAccountRef,
  ServicePort, ServiceRef, ServingCertificate,
} from '../src';
import { CA_CERTIFICATE } from './certificates';

const groupVersions: fc.Arbitrary<ApiGroupVersion[]> = fc.uniqueArray(fc.record({
  group: word.map((name) => `${name}.example.com`),
  version: fc.constantFrom('v1', 'v1beta1'),
  groupPriorityMinimum: optional(fc.integer({ min: 1, max: 20_000 })),
  versionPriority: optional(fc.integer({ min: 1, max: 1000 })),
}), { minLength: 1, maxLength: 3, selector: ({ group, version }) => `${version}.${group}` });

const clusterRule: fc.Arbitrary<PolicyRule> = fc.oneof(
  fc.record({ apiGroups: fc.constant<string[]>(['']), resources: fc.constant<string[]>(['pods']), resourceNames: optional(fc.array(word)), verbs: fc.constant<string[]>(['get']) }),
  fc.record({ nonResourceUrls: fc.constant<string[]>(['/metrics']), verbs: fc.constant<string[]>(['get']) }),
);

/** Valid properties of an ExtensionApiServer. */
export const extensionApiServerProps: fc.Arbitrary<ExtensionApiServerProps> = fc.record({
  ...podProps,
  name: word,
  namespace: word,
  image: fc.constant('registry.example.com/server:1'),
  groupVersions,
  servingCertificate: fc.constantFrom(ServingCertificate.insecureSkipTlsVerify(), ServingCertificate.certManager()),
  selectorLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`s/${key}`, value])))),
  command: optional(fc.constant<string[]>(['/server'])),
  args: optional(fc.constant<string[]>(['--v=2'])),
  platform: optional(fc.constantFrom(Platform.eks(), Platform.fargate(), Platform.gke())),
  shutdownDelay: optional(fc.constantFrom(0, 10).map((seconds) => Duration.seconds(seconds))),
  resources: optional(fc.constant({ requests: { cpu: '1m' } })),
  clusterRules: optional(fc.array(clusterRule, { maxLength: 2 })),
}).map((props) => withoutPodContradictions(props, props.platform?._facts.hostNetwork ?? true))
  .map((props) => props.terminationGracePeriod && props.terminationGracePeriod.toSeconds() <= 10 ? { ...props, shutdownDelay: undefined } : props);

const servicePort: fc.Arbitrary<ServicePort> = fc.record({
  port: optional(fc.integer({ min: 1, max: 65535 })),
  targetPort: optional(fc.integer({ min: 1, max: 65535 })),
  name: optional(fc.constantFrom('', 'api')),
  appProtocol: optional(fc.constantFrom('', 'example.com/api')),
});

const api = { namespace: fc.constant('default'), groupVersions, labels: optional(labels) };

/** Valid properties of an AggregatedApiService. */
export const aggregatedApiServiceProps: fc.Arbitrary<AggregatedApiServiceProps> = fc.oneof(
  fc.record({ ...api, name: word, selector: labels, servicePort: optional(servicePort), insecureSkipTlsVerify: optional(fc.boolean()) }),
  fc.record({ ...api, service: fc.constant(ServiceRef.fromName('given-service')), caBundle: optional(fc.constant(CA_CERTIFICATE)) }),
);

/** Valid properties of AuthDelegatorBindings. */
export const authDelegatorBindingsProps: fc.Arbitrary<AuthDelegatorBindingsProps> = fc.record({
  serviceAccount: fc.constant(ServiceAccountRef.fromName('given-account')),
  namespace: fc.constant('default'),
  name: optional(word),
  labels: optional(labels),
});

/** Valid properties of a KubeletServingApprover. */
export const kubeletServingApproverProps: fc.Arbitrary<KubeletServingApproverProps> = fc.record({
  name: optional(word.map((name) => `approver-${name}`)),
  namespace: fc.constant('default'),
  labels: optional(labels),
  image: optional(fc.constant(Image.custom('mirror.example.com/metrics-server:1', { compatibleWith: Image.companion() }))),
  imagePullPolicy: podProps.imagePullPolicy,
  imagePullSecrets: podProps.imagePullSecrets,
  replicas: optional(fc.integer({ min: 0, max: 3 })),
  resources: optional(fc.constant({ requests: { cpu: '1m' } })),
  ...schedulingProps,
});

/** Each of the four by itself, with names of their own. */
export const servers = fc.record({
  server: extensionApiServerProps, api: aggregatedApiServiceProps, bindings: authDelegatorBindingsProps, approver: kubeletServingApproverProps,
});

export function addServers(chart: Chart, { server, api: apiProps, bindings, approver }: Servers): void {
  new ExtensionApiServer(chart, 'server', { ...server, groupVersions: server.groupVersions.map((one) => ({ ...one, group: `server.${one.group}` })) });
  new AggregatedApiService(chart, 'api', apiProps.name === undefined ? apiProps : { ...apiProps, name: `api-${apiProps.name}` });
  new KubeletServingApprover(chart, 'approver', approver);
  new AuthDelegatorBindings(chart, 'bindings', { ...bindings, name: `other-${bindings.name ?? ''}x` });
}

interface Servers {
  readonly server: ExtensionApiServerProps;
  readonly api: AggregatedApiServiceProps;
  readonly bindings: AuthDelegatorBindingsProps;
  readonly approver: KubeletServingApproverProps;
}
