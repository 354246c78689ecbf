import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { labels, optional, word } from './random-values';
import {
  ConfigMapRef, EmptyDirMedium, EnvValue, FsGroupChangePolicy, HostPathType, ImagePullPolicy, LabelSelectorOperator, LabelSelectorRequirement,
  MountPropagation, NodeInclusionPolicy, NodeSelectorOperator, PodOptions, ProbeOptions, SeLinuxChangePolicy, SecretRef, SecurityProfile,
  SupplementalGroupsPolicy, TaintEffect, Toleration, TopologySpreadConstraint, UnsatisfiableConstraintAction, Volume, VolumeMount,
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
  matchFields: optional(struct({ key: fc.constant('metadata.name'), operator: fc.constant(NodeSelectorOperator.IN), values: word.map((node) => [node]) })
    .map((field) => [field])),
});

const labelSelector = struct({
  matchLabels: optional(labels),
  matchExpressions: optional(fc.subarray<LabelSelectorRequirement>([
    { key: 'x/a', operator: LabelSelectorOperator.DOES_NOT_EXIST }, { key: 'x/b', operator: LabelSelectorOperator.IN, values: ['c'] },
  ])),
});
const podTerm = struct({
  labelSelector,
  topologyKey: fc.constant('kubernetes.io/hostname'),
  namespaces: optional(values),
  namespaceSelector: optional(labelSelector),
  matchLabelKeys: optional(fc.constant<string[]>(['pod-template-hash'])),
  mismatchLabelKeys: optional(fc.constant<string[]>(['x/tenant'])),
});
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

const inclusion = optional(fc.constantFrom(...Object.values(NodeInclusionPolicy)));
const spread = struct<TopologySpreadConstraint>({
  topologyKey: fc.constant('topology.kubernetes.io/zone'),
  whenUnsatisfiable: fc.constantFrom(...Object.values(UnsatisfiableConstraintAction)),
  maxSkew: optional(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  labelSelector: optional(labelSelector),
  minDomains: optional(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  nodeAffinityPolicy: inclusion,
  nodeTaintsPolicy: inclusion,
  matchLabelKeys: optional(fc.constant<string[]>(['pod-template-hash'])),
}).map((constraint) => constraint.whenUnsatisfiable === UnsatisfiableConstraintAction.DO_NOT_SCHEDULE
  ? constraint : { ...constraint, minDomains: undefined });

const toleration: fc.Arbitrary<Toleration> = fc.oneof(
  struct({ key: word, effect: fc.constant(TaintEffect.NO_SCHEDULE) }),
  struct({ key: word, value: word, effect: fc.constant(TaintEffect.NO_EXECUTE), tolerationSeconds: optional(fc.integer()) }),
);

const seLinuxOptions = struct({
  user: optional(fc.constant('system_u')), role: optional(fc.constant('system_r')), type: optional(fc.constant('spc_t')), level: optional(fc.constant('s0')),
});

/** Of both security contexts. */
const identity = {
  runAsNonRoot: optional(fc.boolean()),
  runAsUser: optional(id),
  runAsGroup: optional(id),
  seccompProfile: optional(fc.constantFrom(SecurityProfile.runtimeDefault(), SecurityProfile.unconfined(), SecurityProfile.localhost('given.json'))),
  appArmorProfile: optional(fc.constant(SecurityProfile.runtimeDefault())),
  seLinuxOptions: optional(seLinuxOptions),
};

const probe: fc.Arbitrary<ProbeOptions> = struct({
  path: optional(word.map((name) => `/${name}`)),
  initialDelay: optional(seconds(0)),
  period: optional(seconds(1)),
  timeout: optional(seconds(1)),
  failureThreshold: optional(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  successThreshold: optional(fc.constant(1)),
});

const VOLUMES = [
  Volume.configMap('settings', ConfigMapRef.fromName('given-settings'), { items: { b: 'b/c', a: 'a' }, defaultMode: 0o440 }),
  Volume.secret('token', SecretRef.fromName('given-token'), { optional: true }),
  Volume.emptyDir('space'),
  Volume.persistentVolumeClaim('disk', 'given-claim', true),
  Volume.hostPath('certificates', '/etc/ssl', HostPathType.DIRECTORY),
  Volume.fromSource('names', { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }),
];

/** Valid properties of where any pods run. */
export const schedulingProps = {
  priorityClassName: optional(fc.constantFrom('', 'given-priority')),
  tolerations: optional(fc.array(toleration, { maxLength: 3 })),
  nodeSelector: optional(labels),
  affinity: optional(affinity),
  topologySpreadConstraints: optional(fc.array(spread, { maxLength: 1 })),
  schedulerName: optional(word),
};

/** Valid properties of the pods of any extension API server. */
export const podProps = {
  ...schedulingProps,
  podLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`p/${key}`, value])))),
  podAnnotations: optional(labels),
  imagePullSecrets: optional(fc.array(fc.constant(SecretRef.fromName('given-registry')), { maxLength: 1 })),
  imagePullPolicy: optional(fc.constantFrom(...Object.values(ImagePullPolicy))),
  runtimeClassName: optional(word),
  securePort: optional(fc.constantFrom(4443, 8443)),
  hostNetwork: optional(fc.boolean()),
  hostUsers: optional(fc.boolean()),
  dnsConfig: optional(struct({
    nameservers: optional(fc.subarray(['10.96.0.10', 'fd00::a'])),
    searches: optional(fc.array(word, { maxLength: 3 })),
    options: optional(fc.subarray([{ name: 'ndots', value: '2' }, { name: 'rotate' }])),
  })),
  podSecurityContext: optional(struct({
    ...identity,
    fsGroup: optional(id),
    fsGroupChangePolicy: optional(fc.constantFrom(...Object.values(FsGroupChangePolicy))),
    supplementalGroups: optional(fc.array(id, { maxLength: 3 })),
    supplementalGroupsPolicy: optional(fc.constantFrom(...Object.values(SupplementalGroupsPolicy))),
    seLinuxChangePolicy: optional(fc.constant(SeLinuxChangePolicy.RECURSIVE)),
    sysctls: optional(fc.subarray([{ name: 'kernel.shm_rmid_forced', value: '1' }, { name: 'net.ipv4.tcp_syncookies', value: '1' }])),
  })),
  containerSecurityContext: optional(struct({
    ...identity,
    privileged: optional(fc.boolean()),
    allowPrivilegeEscalation: optional(fc.boolean()),
    readOnlyRootFilesystem: optional(fc.boolean()),
    capabilities: optional(struct({ add: fc.subarray(['NET_BIND_SERVICE']), drop: optional(fc.constant<string[]>(['ALL'])) })),
  }).map((context) => context.privileged ? { ...context, allowPrivilegeEscalation: true } : context)),
  env: optional(fc.subarray(Object.entries({
    HTTPS_PROXY: EnvValue.fromConfigMap(ConfigMapRef.fromName('given-proxy'), 'url'),
    LANG: EnvValue.fromText('C'),
    NODE: EnvValue.fromField('spec.nodeName'),
    TOKEN: EnvValue.fromSecret(SecretRef.fromName('given-token'), 'token'),
  })).map((pairs) => Object.fromEntries(pairs))),
  livenessProbe: optional(probe),
  readinessProbe: optional(probe),
  terminationGracePeriod: optional(seconds(0)),
  tmpVolume: optional(fc.constant(Volume.emptyDir('scratch', { medium: EmptyDirMedium.MEMORY, sizeLimit: '16Mi' }))),
  extraVolumes: fc.subarray(VOLUMES),
  extraVolumeMounts: optional(fc.array(struct<Omit<VolumeMount, 'name' | 'mountPath'>>({
    readOnly: optional(fc.boolean()),
    subPath: optional(word),
    subPathExpr: optional(fc.constant('$(NODE)')),
    mountPropagation: optional(fc.constantFrom(MountPropagation.NONE, MountPropagation.HOST_TO_CONTAINER)),
  }), { minLength: VOLUMES.length, maxLength: VOLUMES.length })) as fc.Arbitrary<VolumeMount[] | undefined>,
};

/** What cannot be together is left out, and each volume is mounted. */
export function withoutPodContradictions<T extends PodOptions>(props: T, hostNetworkIsPossible: boolean): T {
  const hostNetwork = hostNetworkIsPossible ? props.hostNetwork : undefined;
  const { podSecurityContext: context } = props;
  return {
    ...props,
    hostNetwork,
    hostUsers: hostNetwork ? undefined : props.hostUsers,
    podSecurityContext: hostNetwork && context ? { ...context, sysctls: context.sysctls?.filter(({ name }) => !name.startsWith('net.')) } : context,
    extraVolumeMounts: props.extraVolumes?.map(({ name }, i) => {
      const options: Partial<VolumeMount> = props.extraVolumeMounts?.[i] ?? { readOnly: true };
      return { ...options, name, mountPath: `/given/${name}`, subPathExpr: options.subPath === undefined ? options.subPathExpr : undefined };
    }),
  };
}
