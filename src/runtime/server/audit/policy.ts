import { Level, Stage } from './event';
import { Attributes } from '../authorization/attributes';

/** What is recorded, as an audit.k8s.io/v1 Policy says it. */
export interface AuditPolicy {
  readonly rules: readonly PolicyRule[];
  readonly omitStages: readonly Stage[];
}

/** What requests a rule is for. Empty lists leave nobody out. */
export interface PolicyRule {
  readonly level: Level;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly resources: readonly GroupResources[];
  /** The empty one stands for what has no namespace. */
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly omitStages: readonly Stage[];
}

export interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

export interface AuditDecision {
  readonly level: Level;
  readonly omitStages: readonly Stage[];
}

/** The first rule that is for the request decides; nothing is recorded of what no rule is for. */
export function decide({ rules, omitStages }: AuditPolicy, attributes: Attributes): AuditDecision {
  const rule = rules.find((candidate) => isFor(candidate, attributes));
  return rule ? { level: rule.level, omitStages: [...omitStages, ...rule.omitStages] } : { level: 'None', omitStages };
}

function isFor(rule: PolicyRule, attributes: Attributes): boolean {
  const { user, verb } = attributes;
  if (rule.users.length > 0 && !rule.users.includes(user.name)) return false;
  if (rule.userGroups.length > 0 && !user.groups.some((group) => rule.userGroups.includes(group))) return false;
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return false;
  if (rule.namespaces.length > 0 || rule.resources.length > 0) return isForResource(rule, attributes);
  if (rule.nonResourceURLs.length === 0) return true;
  return !attributes.isResourceRequest && rule.nonResourceURLs.some((pattern) => pathMatches(attributes.path, pattern));
}

function isForResource({ namespaces, resources }: PolicyRule, attributes: Attributes): boolean {
  if (!attributes.isResourceRequest) return false;
  if (namespaces.length > 0 && !namespaces.includes(attributes.namespace)) return false;
  return resources.length === 0 || resources.some((group) => groupMatches(group, attributes));
}

function groupMatches({ group, resources, resourceNames }: GroupResources, { apiGroup, resource, subresource, name }: Attributes): boolean {
  if (group !== apiGroup) return false;
  if (resources.length === 0) return true;
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
  const wanted = ['*', subresource === '' ? resource : `${resource}/${subresource}`, `${resource}/*`, ...subresource === '' ? [] : [`*/${subresource}`]];
  return resources.some((candidate) => wanted.includes(candidate));
}

/** A trailing `*` stands for any continuation. */
function pathMatches(path: string, pattern: string): boolean {
  return pattern === path || pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''));
}
