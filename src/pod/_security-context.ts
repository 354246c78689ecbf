import { ContainerSecurityContext } from './container-security-context';
import { PodSecurityContext } from './pod-security-context';
import { PodDefaults } from '../_facts/pod';
import { RESTRICTED_SECURITY_CONTEXT } from '../kubernetes/_k8s';

type Body = Readonly<Record<string, unknown>>;

/** A container's security context: field by field what is given, else the default. */
export function containerSecurityContext(
  given: ContainerSecurityContext | undefined, { restricted, lacksSeccompProfile }: PodDefaults,
): Body | undefined {
  const { seccompProfile, ...others } = RESTRICTED_SECURITY_CONTEXT;
  const usual: Body | undefined = restricted ? { ...others, ...lacksSeccompProfile ? {} : { seccompProfile } } : undefined;
  if (!given) return usual;
  const capabilities = given.capabilities && { ...usual?.capabilities as object, ...defined(given.capabilities) };
  return { ...usual, ...defined({ ...wireSecurityContext(given), capabilities }) };
}

export function wireSecurityContext(context: ContainerSecurityContext | PodSecurityContext): Body {
  const { seccompProfile, appArmorProfile, ...fields } = context;
  return { ...fields, seccompProfile: seccompProfile?._toWire(), appArmorProfile: appArmorProfile?._toWire() };
}

/** What is left out leaves the other side's as it is. */
function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
