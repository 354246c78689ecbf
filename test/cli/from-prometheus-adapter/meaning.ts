import { Template } from '../../../src/_facts/go-template/template';
import { Re2 } from '../../../src/_facts/re2/re2';
import { ConfigurationNode } from '../../../src/runtime/configuration-file/configuration-node';
import { PrometheusConfiguration, readConfiguration } from '../../../src/runtime/configured-metrics/configuration/configuration';
import { chartOf } from '../from-helm/read-program';

const SOURCE = { name: 'prometheus', url: new URL('http://prometheus'), headers: {}, tls: { insecureSkipVerify: false }, timeoutMs: 1 };

/** What a configuration has the runtime do, wherever it stands. A resource is the same in the singular. */
export async function meaningOf(text: string): Promise<Pick<PrometheusConfiguration, 'rules' | 'externalRules' | 'resourceRules'>> {
  const { rules, externalRules, resourceRules } = await readConfiguration('config.yaml', text, { defaultSource: SOURCE });
  // Nobody reads of custom metrics whether they are namespaced.
  return anywhere({ rules: rules.map((rule) => ({ ...rule, namespaced: true })), externalRules, resourceRules });
}

/** What the ConfigMap has the runtime do that a program synthesizes. */
export function carriedBy(program: string): ReturnType<typeof meaningOf> {
  return meaningOf(configurationIn(program));
}

/** The configuration in the ConfigMap that a program synthesizes. */
export function configurationIn(program: string): string {
  const [configMap] = (chartOf(program, 'MetricsAdapterChart').toJson() as any[]).filter(({ kind }) => kind === 'ConfigMap');
  return configMap.data['config.yaml'];
}

/** Versions of API groups that a program leads to its adapter. */
export function groupVersionsTakenBy(program: string): string[] {
  return (chartOf(program, 'MetricsAdapterChart').toJson() as any[]).filter(({ kind }) => kind === 'APIService').map(({ spec }) => `${spec.group}/${spec.version}`);
}

/** The program when its adapter runs: the guide has the line removed then. */
export function withApiServices(program: string): string {
  const lines = program.split('\n').filter((line) => line.trim() !== 'apiServices: false,');
  expect(lines).toHaveLength(program.split('\n').length - 1);
  return lines.join('\n');
}

const SINGULAR: Readonly<Record<string, string>> = {
  namespaces: 'namespace', pods: 'pod', nodes: 'node', services: 'service', deployments: 'deployment', ingresses: 'ingress', networkpolicies: 'networkpolicy', brands: 'brand',
};

function anywhere(value: any): any {
  if (value instanceof ConfigurationNode) return undefined;
  if (value instanceof Template) return value.text;
  if (value instanceof Re2) return value.pattern;
  // Of two labels for one resource, prometheus-adapter takes one by chance: their order means nothing.
  if (value instanceof Map) return new Map(Array.from(value, ([key, one]) => [key, anywhere(one)]));
  if (Array.isArray(value)) return value.map(anywhere);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, one]) => [key, key === 'resource' ? SINGULAR[one as string] ?? one : anywhere(one)]);
  return Object.fromEntries(fields);
}
