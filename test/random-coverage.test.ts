import * as fc from 'fast-check';
import { publicShapes } from './public-api';
import * as library from '../src';

/** Not random: what only comes out, what the rules are asked, what belongs to another object of the tree. */
const ELSEWHERE = ['RuleFinding.', 'MetricOptions.sources', 'DiscoveryRule.source', 'RulesOptions.', 'NannySidecarProps.', 'MetricsAdapterProps.host', 'GitOps.flux'];

const { structs, factories } = publicShapes();
const seen = new Set<string>();

/** Notes each property of a value that is given, by the declared types. */
function note(value: unknown, type: string): void {
  if (Array.isArray(value)) return value.forEach((item) => note(item, type.replace(/\[\]$/, '')));
  if (typeof value !== 'object' || value === null) return;
  structs.get(type)?.bases.forEach((base) => note(value, base));
  for (const [property, propertyType] of structs.get(type)?.properties ?? []) {
    const given = (value as Record<string, unknown>)[property];
    if (given === undefined) continue;
    seen.add(`${type}.${property}`);
    note(given, propertyType);
  }
}

/** Factories are called while generators are made, so they are watched from before that. */
for (const [name, parameters] of factories) {
  const [type, method] = name.split('.');
  const factory = (library as any)[type];
  const make = factory[method];
  factory[method] = (...args: unknown[]) => {
    seen.add(name);
    args.forEach((arg, i) => note(arg, parameters[i] ?? ''));
    return make.apply(factory, args);
  };
}

test('each property of each struct, and each factory, is part of what is tested to hold for any properties', async () => {
  const { metricsServerProps, nannyOptions } = await import('./random-props');
  const { aggregatedApiServiceProps, authDelegatorBindingsProps, extensionApiServerProps, kubeletServingApproverProps } = await import('./random-servers');
  const adapters = await import('./random-adapters');
  const sampled: [string, fc.Arbitrary<unknown>][] = [
    ['MetricsServerProps', metricsServerProps], ['NannyOptions', nannyOptions], ['ExtensionApiServerProps', extensionApiServerProps],
    ['AggregatedApiServiceProps', aggregatedApiServiceProps], ['AuthDelegatorBindingsProps', authDelegatorBindingsProps], ['KubeletServingApproverProps', kubeletServingApproverProps],
    ['MetricsAdapterProps', adapters.metricsAdapterProps], ['PodsMetricOptions', adapters.podsMetricOptions],
    ['ObjectMetricOptions', adapters.objectMetricOptions], ['ExternalMetricOptions', adapters.externalMetricOptions],
    ['DiscoveryRule', adapters.discoveryRule], ['ExternalDiscoveryRule', adapters.externalDiscoveryRule],
    ['PodsMetricTarget', adapters.podsMetricTarget], ['ObjectMetricTarget', adapters.objectMetricTarget], ['ExternalMetricTarget', adapters.externalMetricTarget],
  ];
  for (const [type, arbitrary] of sampled) fc.sample(arbitrary, { numRuns: 800, seed: 1 }).forEach((value) => note(value, type));

  const all = [...factories.keys(), ...[...structs].flatMap(([struct, { properties }]) => [...properties.keys()].map((property) => `${struct}.${property}`))];
  expect(all.filter((name) => !seen.has(name) && !ELSEWHERE.some((other) => name.startsWith(other)))).toEqual([]);
});
