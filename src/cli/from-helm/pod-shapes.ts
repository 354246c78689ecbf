import { asIs, leaveRest, list, oneOf, Shape, struct } from './shape';
import { isTree } from './values';
import { Call, Expression } from '../typescript/expression';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const labelSelector = struct({
  matchLabels: asIs,
  matchExpressions: list(struct({ key: asIs, operator: oneOf('LabelSelectorOperator', 'In', 'NotIn', 'Exists', 'DoesNotExist'), values: asIs })),
});

const nodeRequirement = struct({
  key: asIs, operator: oneOf('NodeSelectorOperator', 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'), values: asIs,
});
const nodeTerm = struct({ matchExpressions: list(nodeRequirement), matchFields: list(nodeRequirement) });

const podTerm = struct({
  labelSelector, topologyKey: asIs, namespaces: asIs, namespaceSelector: labelSelector, matchLabelKeys: asIs, mismatchLabelKeys: asIs,
});
const podAffinity = struct({ [REQUIRED]: list(podTerm), [PREFERRED]: list(struct({ weight: asIs, podAffinityTerm: podTerm })) });

export const affinity = struct({
  nodeAffinity: struct({
    [REQUIRED]: struct({ nodeSelectorTerms: list(nodeTerm) }),
    [PREFERRED]: list(struct({ weight: asIs, preference: nodeTerm })),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});

/** A Secret by its name, alone or in a map as Kubernetes has it. */
export const secretRef: Shape = (value, at, to) => {
  const { name, ...rest } = isTree(value) ? value : { name: value };
  leaveRest(rest, at, to);
  return new Call('SecretRef.fromName', name as Expression);
};

const inclusion = oneOf('NodeInclusionPolicy', 'Honor', 'Ignore');

export const topologySpreadConstraint = struct({
  maxSkew: asIs,
  topologyKey: asIs,
  whenUnsatisfiable: oneOf('UnsatisfiableConstraintAction', 'DoNotSchedule', 'ScheduleAnyway'),
  labelSelector,
  minDomains: asIs,
  nodeAffinityPolicy: inclusion,
  nodeTaintsPolicy: inclusion,
  matchLabelKeys: asIs,
});

export const dnsConfig = struct({ nameservers: asIs, searches: asIs, options: list(struct({ name: asIs, value: asIs })) });

const tolerationFields = struct({
  key: asIs, value: asIs, effect: oneOf('TaintEffect', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'), tolerationSeconds: asIs,
});

/** Without a value a key is tolerated whatever it says; Kubernetes has an operator for that, and takes `Equal` where none is given. */
export const toleration: Shape = (value, at, to) => {
  if (!isTree(value)) return value as never;
  const { operator: given, effect, ...others } = value;
  const operator = given || 'Equal';
  if (operator !== 'Equal' && operator !== 'Exists') {
    to.leave(`${at}.operator`, `${JSON.stringify(operator)} is neither Equal nor Exists, so the whole toleration is missing here`);
    return undefined;
  }
  // Empty text stands for every effect.
  const fields = effect === '' ? others : { ...others, effect };
  if (operator === 'Equal' && others.key !== undefined) return tolerationFields({ ...fields, value: others.value ?? '' }, at, to);
  return tolerationFields(fields, at, to);
};

const profile: Shape = (value, at, to) => {
  const { type, localhostProfile, ...rest } = (value ?? {}) as Record<string, string>;
  leaveRest(type === 'Localhost' ? rest : { ...rest, localhostProfile }, at, to);
  if (type === 'RuntimeDefault') return new Call('SecurityProfile.runtimeDefault');
  if (type === 'Unconfined') return new Call('SecurityProfile.unconfined');
  if (type === 'Localhost') return new Call('SecurityProfile.localhost', localhostProfile);
  to.leave(`${at}.type`, `${JSON.stringify(type)} is none of RuntimeDefault, Unconfined, Localhost`);
  return undefined;
};

const seLinuxOptions = struct({ user: asIs, role: asIs, type: asIs, level: asIs });
const identity = { runAsNonRoot: asIs, runAsUser: asIs, runAsGroup: asIs, seccompProfile: profile, appArmorProfile: profile, seLinuxOptions };

export const podSecurityContext = struct({
  ...identity,
  fsGroup: asIs,
  fsGroupChangePolicy: oneOf('FsGroupChangePolicy', 'OnRootMismatch', 'Always'),
  supplementalGroups: asIs,
  supplementalGroupsPolicy: oneOf('SupplementalGroupsPolicy', 'Merge', 'Strict'),
  seLinuxChangePolicy: oneOf('SeLinuxChangePolicy', 'Recursive', 'MountOption'),
  sysctls: list(struct({ name: asIs, value: asIs })),
});

export const containerSecurityContext = struct({
  ...identity,
  allowPrivilegeEscalation: asIs,
  capabilities: struct({ add: asIs, drop: asIs }),
  privileged: asIs,
  readOnlyRootFilesystem: asIs,
});

export const volumeMount = struct({
  name: asIs,
  mountPath: asIs,
  readOnly: asIs,
  subPath: asIs,
  subPathExpr: asIs,
  mountPropagation: oneOf('MountPropagation', 'None', 'HostToContainer', 'Bidirectional'),
});

/** Any source that Kubernetes knows: the plain ones by their own names. */
export const volume: Shape = (value) => {
  if (!isTree(value)) return value as never;
  const { name, ...source } = value as Record<string, any>;
  const [kind, ...others] = Object.keys(source);
  const { [kind]: fields } = source;
  const only = (field: string) => others.length === 0 && isTree(fields) && Object.keys(fields).join() === field;
  if (kind === 'emptyDir' && only('')) return new Call('Volume.emptyDir', name);
  if (kind === 'configMap' && only('name')) return new Call('Volume.configMap', name, new Call('ConfigMapRef.fromName', fields.name));
  if (kind === 'secret' && only('secretName')) return new Call('Volume.secret', name, new Call('SecretRef.fromName', fields.secretName));
  return new Call('Volume.fromSource', name, source);
};
