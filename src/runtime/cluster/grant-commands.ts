import { Feature, PolicyRule } from '../../_facts/rights';

/** Commands that grant a ServiceAccount, by its user name, what a feature needs, for a sentence. */
export function grantCommands({ rules, namespace }: Feature, serviceAccount: string): string {
  const [, , ofNamespace, name] = serviceAccount.split(':');
  const subject = `--serviceaccount=${ofNamespace}:${name}`;
  return asText(rules.flatMap((rule) => {
    const role = roleName(name, rule);
    const resources = rule.resources.map((resource) => qualified(resource, rule.apiGroups[0]));
    const rights = [`--verb=${rule.verbs.join()}`, `--resource=${resources.join()}`, ...(rule.resourceNames ?? []).map((one) => `--resource-name=${one}`)];
    return namespace === undefined
      ? [`kubectl create clusterrole ${role} ${rights.join(' ')}`, `kubectl create clusterrolebinding ${role} --clusterrole=${role} ${subject}`]
      : [`kubectl create role -n ${namespace} ${role} ${rights.join(' ')}`, `kubectl create rolebinding -n ${namespace} ${role} --role=${role} ${subject}`];
  }));
}

/** Commands in a sentence. */
export function asText(commands: readonly string[]): string {
  return commands.map((command) => `\`${command}\``).join(' and ');
}

/** Of its own, so that it meets no role that is there. */
function roleName(server: string, { verbs, resources, resourceNames = [] }: PolicyRule): string {
  return [server, 'may', ...verbs, ...resources.map((one) => one.replace('/', '-')), ...resourceNames].join('-');
}

/** As kubectl writes it: `nodes/metrics`, `events.events.k8s.io`. */
function qualified(resource: string, group: string): string {
  const [kind, subresource] = resource.split('/');
  return `${kind}${group && `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
