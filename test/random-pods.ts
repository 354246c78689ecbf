import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { labels, optional, word } from './random-values';
import {
  ConfigMapRef, EmptyDirMedium, FsGroupChangePolicy, HostPathType, LabelSelectorOperator, NodeInclusionPolicy, NodeSelectorOperator, PodOptions,
  ProbeOptions, SecretRef, SecurityProfile, UnsatisfiableConstraintAction, Volume,
} from '../src';

/** An object as a user writes it. */
const struct = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(fields, { noNullPrototype: true });
const id = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const weight = fc.integer({ min: 1, max: 100 });
const values = fc.array(word, { minLength: 1, maxLength: 3 });
const seconds = (min: number) => fc.integer({ min, max: 300 }).map((count) => Duration.seconds(count));

const nodeTerm = struct({
  matchExpressions: fc.array(fc.oneof(
    struct({ key: word, operator: fc.constantFrom(NodeSelectorOperator.IN, NodeSelectorOperator.NOT_IN), values }),
    struct({ key: word, operator: fc.constant(NodeSelectorOperator.EXISTS) }),
    struct({ key: word, operator: fc.constant(NodeSelectorOperator.GT), values: fc.nat().map((bound) => [String(bound)]) }),
  ), { minLength: 1, maxLength: 2 }),
});

const labelSelector = struct({
  matchLabels: optional(labels),
  matchExpressions: optional(fc.subarray([{ key: 'x/a', operator: LabelSelectorOperator.DOES_NOT_EXIST }])),
});
const podTerm = struct({ labelSelector, topologyKey: fc.constant('kubernetes.io/hostname'), namespaces: optional(values) });
const podAffinity = struct({
  requiredDuringSchedulingIgnoredDuringExecution: optional(fc.array(podTerm, { maxLength: 2 })),
  preferredDuringSchedulingIgnoredDuringExecution: optional(fc.array(struct({ podAffinityTerm: podTerm, weight }), { maxLength: 2 })),
});

const affinity = struct({
  nodeAffinity: optional(struct({
    requiredDuringSchedulingIgnoredDuringExecution: optional(struct({ nodeSelectorTerms: fc.array(nodeTerm, { minLength: 1, maxLength: 2 }) })),
    preferredDuringSchedulingIgnoredDuringExecution: optional(fc.array(struct({ preference: nodeTerm, weight }), { maxLength: 2 })),
  })),
  podAffinity: optional(podAffinity),
  podAntiAffinity: optional(podAffinity),
});

const spread = struct({
  topologyKey: fc.constant('topology.kubernetes.io/zone'),
  whenUnsatisfiable: fc.constantFrom(...Object.values(UnsatisfiableConstraintAction)),
  maxSkew: optional(fc.integer({ min: 1, max: 5 })),
  labelSelector: optional(labelSelector),
  nodeTaintsPolicy: optional(fc.constantFrom(...Object.values(NodeInclusionPolicy))),
});

const probe: fc.Arbitrary<ProbeOptions> = struct({
  path: optional(word.map((name) => `/${name}`)),
  initialDelay: optional(seconds(0)),
  period: optional(seconds(1)),
  timeout: optional(seconds(1)),
  failureThreshold: optional(fc.integer({ min: 1, max: 9 })),
});

const VOLUMES = [
  Volume.configMap('settings', ConfigMapRef.fromName('given-settings'), { items: { b: 'b/c', a: 'a' }, defaultMode: 0o440 }),
  Volume.secret('token', SecretRef.fromName('given-token'), { optional: true }),
  Volume.hostPath('certificates', '/etc/ssl', HostPathType.DIRECTORY),
  Volume.fromSource('names', { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }),
];

/** Valid properties of the pods of any extension API server. */
export const podProps = {
  podLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`p/${key}`, value])))),
  podAnnotations: optional(labels),
  imagePullSecrets: optional(fc.array(fc.constant(SecretRef.fromName('given-registry')), { maxLength: 1 })),
  affinity: optional(affinity),
  topologySpreadConstraints: optional(fc.array(spread, { maxLength: 1 })),
  schedulerName: optional(word),
  hostNetwork: optional(fc.boolean()),
  hostUsers: optional(fc.boolean()),
  dnsConfig: optional(struct({
    nameservers: optional(fc.subarray(['10.96.0.10', 'fd00::a'])),
    searches: optional(fc.array(word, { maxLength: 3 })),
    options: optional(fc.subarray([{ name: 'ndots', value: '2' }, { name: 'rotate' }])),
  })),
  podSecurityContext: optional(struct({
    fsGroup: optional(id),
    fsGroupChangePolicy: optional(fc.constantFrom(...Object.values(FsGroupChangePolicy))),
    supplementalGroups: optional(fc.array(id, { maxLength: 3 })),
    seccompProfile: optional(fc.constant(SecurityProfile.runtimeDefault())),
  })),
  containerSecurityContext: optional(struct({
    runAsUser: optional(id),
    runAsGroup: optional(id),
    readOnlyRootFilesystem: optional(fc.boolean()),
    capabilities: optional(struct({ add: fc.subarray(['NET_BIND_SERVICE']) })),
    seccompProfile: optional(fc.constantFrom(SecurityProfile.unconfined(), SecurityProfile.localhost('given.json'))),
  })),
  livenessProbe: optional(probe),
  readinessProbe: optional(probe),
  terminationGracePeriod: optional(seconds(0)),
  tmpVolume: optional(fc.constant(Volume.emptyDir('scratch', { medium: EmptyDirMedium.MEMORY, sizeLimit: '16Mi' }))),
  extraVolumes: fc.subarray(VOLUMES),
};

/** What cannot be together is left out, and each volume is mounted. */
export function withoutPodContradictions<T extends PodOptions>(props: T, hostNetworkIsPossible: boolean): T {
  const hostNetwork = hostNetworkIsPossible ? props.hostNetwork : undefined;
  return {
    ...props,
    hostNetwork,
    hostUsers: hostNetwork ? undefined : props.hostUsers,
    extraVolumeMounts: props.extraVolumes?.map(({ name }) => ({ name, mountPath: `/given/${name}`, readOnly: true })),
  };
}
