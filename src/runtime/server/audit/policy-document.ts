import { AUDIT_VERSION, Level, LEVELS, Stage, STAGES } from './event';
import { AuditPolicy, GroupResources, PolicyRule } from './policy';
import { dnsSubdomainErrors } from '../../labels/validation';

const POLICY_FIELDS = ['apiVersion', 'kind', 'metadata', 'rules', 'omitStages', 'omitManagedFields'];
const RULE_FIELDS = ['level', 'users', 'userGroups', 'verbs', 'resources', 'namespaces', 'nonResourceURLs', 'omitStages', 'omitManagedFields'];
const GROUP_FIELDS = ['group', 'resources', 'resourceNames'];

/**
 * Reads the parsed YAML of an audit policy. `omitManagedFields` is checked, and there is nothing to omit: no answer has any.
 *
 * @throws Error with what is wrong, and where
 */
export function policyFrom(document: unknown): AuditPolicy {
  const policy = objectAt('', document);
  if (policy.kind !== 'Policy' || policy.apiVersion !== AUDIT_VERSION) {
    throw new Error(`is no Policy of ${AUDIT_VERSION}, but kind ${JSON.stringify(policy.kind)} of apiVersion ${JSON.stringify(policy.apiVersion)}`);
  }
  const rules = listAt('rules', policy.rules).map((rule, index) => ruleFrom(`rules[${index}]`, rule));
  if (rules.length === 0) throw new Error('has no rules');
  switchAt('omitManagedFields', policy.omitManagedFields);
  return { rules, omitStages: stagesAt('omitStages', policy.omitStages) };
}

/** Where a document, which `policyFrom` has read, has fields that no policy has. kube-apiserver warns of them, and reads on. */
export function unknownFields(document: unknown): string[] {
  const policy = document as { readonly rules: readonly { readonly resources?: readonly object[] | null }[] };
  const beside = (known: readonly string[], at: string, value: object) => Object.keys(value).filter((field) => !known.includes(field)).map((field) => `${at}${field}`);
  return [
    ...beside(POLICY_FIELDS, '', policy),
    ...policy.rules.flatMap((rule, index) => [
      ...beside(RULE_FIELDS, `rules[${index}].`, rule),
      ...(rule.resources ?? []).flatMap((group, place) => beside(GROUP_FIELDS, `rules[${index}].resources[${place}].`, group)),
    ]),
  ];
}

function ruleFrom(at: string, value: unknown): PolicyRule {
  const rule = objectAt(at, value);
  if (!LEVELS.includes(rule.level as Level)) throw new Error(`${at}.level is ${JSON.stringify(rule.level)}; allowed are ${LEVELS.join(', ')}`);
  const nonResourceURLs = textsAt(`${at}.nonResourceURLs`, rule.nonResourceURLs);
  const resources = listAt(`${at}.resources`, rule.resources).map((group, index) => groupFrom(`${at}.resources[${index}]`, group));
  const namespaces = textsAt(`${at}.namespaces`, rule.namespaces);
  if (nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0)) {
    throw new Error(`${at} has nonResourceURLs beside resources or namespaces; make two rules of it`);
  }
  const wrong = nonResourceURLs.find((url) => url !== '*' && (!url.startsWith('/') || url.slice(0, -1).includes('*')));
  if (wrong !== undefined) throw new Error(`${at}.nonResourceURLs has ${JSON.stringify(wrong)}; allowed are *, and paths that begin with / and have * at their end only`);
  switchAt(`${at}.omitManagedFields`, rule.omitManagedFields);
  return {
    level: rule.level as Level,
    users: textsAt(`${at}.users`, rule.users),
    userGroups: textsAt(`${at}.userGroups`, rule.userGroups),
    verbs: textsAt(`${at}.verbs`, rule.verbs),
    resources,
    namespaces,
    nonResourceURLs,
    omitStages: stagesAt(`${at}.omitStages`, rule.omitStages),
  };
}

function groupFrom(at: string, value: unknown): GroupResources {
  const { group = '', ...fields } = objectAt(at, value);
  if (typeof group !== 'string') throw new Error(`${at}.group is no text`);
  if (group.includes('/')) throw new Error(`${at}.group is ${JSON.stringify(group)}; write it without its version`);
  const [wrong] = group === '' ? [] : dnsSubdomainErrors(group);
  if (wrong !== undefined) throw new Error(`${at}.group is ${JSON.stringify(group)}: ${wrong}`);
  const resources = textsAt(`${at}.resources`, fields.resources);
  const resourceNames = textsAt(`${at}.resourceNames`, fields.resourceNames);
  if (resourceNames.length > 0 && resources.length === 0) throw new Error(`${at} has resourceNames without resources`);
  return { group, resources, resourceNames };
}

function objectAt(at: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(at === '' ? 'is no object' : `${at} is no object`);
  return value as Record<string, unknown>;
}

function listAt(at: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${at} is no list`);
  return value;
}

function textsAt(at: string, value: unknown): readonly string[] {
  return listAt(at, value).map((text, index) => {
    if (typeof text !== 'string') throw new Error(`${at}[${index}] is no text`);
    return text;
  });
}

function stagesAt(at: string, value: unknown): readonly Stage[] {
  return textsAt(at, value).map((stage) => {
    if (!STAGES.includes(stage as Stage)) throw new Error(`${at} has ${JSON.stringify(stage)}; allowed are ${STAGES.join(', ')}`);
    return stage as Stage;
  });
}

function switchAt(at: string, value: unknown): void {
  if (value !== undefined && value !== null && typeof value !== 'boolean') throw new Error(`${at} is neither true nor false`);
}
