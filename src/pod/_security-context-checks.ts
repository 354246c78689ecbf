import { IConstruct } from 'constructs';
import { Capabilities, ContainerSecurityContext } from './container-security-context';
import { FsGroupChangePolicy, PodSecurityContext, SeLinuxChangePolicy, SupplementalGroupsPolicy, Sysctl } from './pod-security-context';
import { SeLinuxOptions } from './se-linux-options';
import { SecurityProfile } from './security-profile';
import { allOf, fieldsOf, instanceOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { Check, checkBoolean, checkText, MAX_INT32, refuse } from '../validation/_validation';

const checkId = wholeNumber(0, MAX_INT32);

/** `CAP_` is the kernel's; container runtimes put it before the name, and refuse it twice. */
const checkCapability: Check = (scope, property, value) => {
  if (typeof value === 'string' && /^[A-Z][A-Z0-9_]*$/.test(value) && !value.startsWith('CAP_')) return;
  refuse(scope, { property, given: value, allowed: 'a capability in capitals, without CAP_, or ALL', mend: `write ${property} as in 'NET_BIND_SERVICE'` });
};

/** Of an AppArmor profile's name by Kubernetes' validation; Linux takes no longer path either. */
const MAX_PROFILE_BYTES = 4095;

/** The kubelet reads a localhost profile below a directory of its own. */
const checkProfile = allOf(instanceOf(SecurityProfile), (scope, property, value) => {
  const { _type: type, _localhostProfile: profile } = value as SecurityProfile;
  if (type !== 'Localhost' || (typeof profile === 'string' && /^[^/\s][^\s]*$/.test(profile) && !profile.split('/').includes('..') && Buffer.byteLength(profile) <= MAX_PROFILE_BYTES)) return;
  refuse(scope, { property: `${property}.localhost`, given: profile, allowed: `a relative path or a name, without .., up to ${MAX_PROFILE_BYTES} bytes`, mend: 'write it as in SecurityProfile.localhost(\'profiles/server.json\')' });
});

const checkSeLinux = fieldsOf<SeLinuxOptions>({}, { user: checkText, role: checkText, type: checkText, level: checkText });

export const checkContainerSecurityContext = fieldsOf<ContainerSecurityContext>({}, {
  allowPrivilegeEscalation: checkBoolean,
  capabilities: fieldsOf<Capabilities>({}, { add: listOf(checkCapability), drop: listOf(checkCapability) }),
  privileged: checkBoolean,
  readOnlyRootFilesystem: checkBoolean,
  runAsNonRoot: checkBoolean,
  runAsUser: checkId,
  runAsGroup: checkId,
  seccompProfile: checkProfile,
  appArmorProfile: checkProfile,
  seLinuxOptions: checkSeLinux,
});

const checkSysctlName: Check = (scope, property, value) => {
  if (typeof value === 'string' && value.length <= 253 && /^[a-z0-9][-_a-z0-9]*([./][a-z0-9][-_a-z0-9]*)*$/.test(value)) return;
  refuse(scope, { property, given: value, allowed: 'the name of a kernel parameter', mend: `write ${property} as in 'net.ipv4.tcp_syncookies'` });
};

/** Separators may be dots or slashes; the first one says which, and the other then stands in a name, such as that of an interface. */
function dotted(sysctl: string): string {
  return /^[^.]*\//.test(sysctl) ? sysctl.replace(/[./]/g, (separator) => separator === '/' ? '.' : '/') : sysctl;
}

const checkSysctlsDiffer: Check = (scope, property, value) => {
  const names = (value as Sysctl[]).map(({ name }) => dotted(name));
  const second = names.findIndex((name, i) => names.indexOf(name) < i);
  if (second < 0) return;
  refuse(scope, { property: `${property}[${second}].name`, given: (value as Sysctl[])[second].name, allowed: 'each parameter once', mend: 'remove one of the two' });
};

export const checkPodSecurityContext = allOf(fieldsOf<PodSecurityContext>({}, {
  runAsNonRoot: checkBoolean,
  runAsUser: checkId,
  runAsGroup: checkId,
  fsGroup: checkId,
  fsGroupChangePolicy: memberOf('FsGroupChangePolicy', FsGroupChangePolicy),
  supplementalGroups: listOf(checkId),
  supplementalGroupsPolicy: memberOf('SupplementalGroupsPolicy', SupplementalGroupsPolicy),
  seccompProfile: checkProfile,
  appArmorProfile: checkProfile,
  seLinuxOptions: checkSeLinux,
  seLinuxChangePolicy: memberOf('SeLinuxChangePolicy', SeLinuxChangePolicy),
  sysctls: allOf(listOf(fieldsOf<Sysctl>({ name: checkSysctlName, value: checkText }, {})), checkSysctlsDiffer),
}), (scope, property, value) => checkUser(scope, property, value as PodSecurityContext));

function checkUser(scope: IConstruct, property: string, { runAsNonRoot, runAsUser }: ContainerSecurityContext | PodSecurityContext): void {
  if (runAsNonRoot !== true || runAsUser !== 0) return;
  refuse(scope, {
    property: `${property}.runAsUser`,
    given: 0,
    allowed: 'another user than root beside runAsNonRoot: the kubelet starts no such container',
    mend: `set ${property}.runAsNonRoot to false as well, or leave runAsUser out`,
  });
}

/** What a context says together with the defaults that it is merged over. */
export function checkMergedSecurityContext(scope: IConstruct, property: string, merged: ContainerSecurityContext): void {
  checkUser(scope, property, merged);
  if (merged.allowPrivilegeEscalation !== false || !merged.privileged) return;
  refuse(scope, {
    property: `${property}.allowPrivilegeEscalation`,
    given: 'false beside privileged',
    allowed: 'true: a privileged container has every right already, and Kubernetes refuses the contradiction',
    mend: `set ${property}.allowPrivilegeEscalation to true, or leave privileged out`,
  });
}
