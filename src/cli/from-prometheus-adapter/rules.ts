import { isBuiltIn, pluralOf } from './resource-names';
import { meantResource } from '../../_facts/well-known-resources';
import { ConfigurationNode } from '../../runtime/configuration-file/configuration-node';
import { discoveryRule } from '../../runtime/configured-metrics/configuration/discovery-rule';
import { ResourceRules, resourceRules } from '../../runtime/configured-metrics/configuration/resource-rules';
import { durationOfMs } from '../typescript/duration';
import { Call, Expression, Fields } from '../typescript/expression';

/** Something of a configuration as the construct takes it. */
export interface Said {
  readonly options: Fields;
  readonly remarks: readonly string[];
}

/** A rule of `rules` or `externalRules`. @throws ConfigurationError for what the adapter would not take */
export function ruleOf(node: ConfigurationNode, isExternal: boolean): Said {
  // What the adapter has beside prometheus-adapter's fields is no such configuration's business.
  const { seriesQuery, seriesFilters, resources, name, metricsQuery } = node.fields('seriesQuery', 'seriesFilters', 'resources', 'name', 'metricsQuery');
  const { namespaced } = discoveryRule(node, () => undefined);
  const { matches, as } = name.fields('matches', 'as');
  return {
    options: {
      seriesQuery: seriesQuery.text(),
      seriesFilters: seriesFilters.isAbsent ? undefined : seriesFilters.list().map(filterOf),
      ...associationOf(resources),
      namespaced: isExternal && !namespaced ? false : undefined,
      nameMatches: textOf(matches),
      nameAs: textOf(as),
      metricsQuery: metricsQuery.text(),
    },
    remarks: isExternal ? [] : remarksOn(resources),
  };
}

/** `resourceRules`. @throws ConfigurationError for what the adapter would not take */
export function resourceRulesOf(node: ConfigurationNode): Said {
  const rules: ResourceRules = resourceRules(node);
  const { cpu, memory } = node.fields('cpu', 'memory', 'window');
  return {
    options: { cpu: resourceRuleOf(cpu), memory: resourceRuleOf(memory), window: rules.windowMs === 0 ? undefined : durationOfMs(rules.windowMs) },
    remarks: ['Remove resourceRules if the cluster has a metrics-server: they take metrics.k8s.io from it, v1 and v1beta1. They cost Prometheus a query of all containers for each'
      + ' request, where a MetricsServer asks the kubelets themselves'],
  };
}

function resourceRuleOf(node: ConfigurationNode): Fields {
  const { containerQuery, nodeQuery, resources, containerLabel } = node.fields('containerQuery', 'nodeQuery', 'resources', 'containerLabel');
  return { containerQuery: containerQuery.text(), nodeQuery: nodeQuery.text(), ...associationOf(resources), containerLabel: containerLabel.text() };
}

function filterOf(node: ConfigurationNode): Expression {
  const { is, isNot } = node.fields('is', 'isNot');
  return is.text() === '' ? new Call('SeriesFilter.notMatching', isNot.text()) : new Call('SeriesFilter.matching', is.text());
}

function associationOf(node: ConfigurationNode): Fields {
  const { template, overrides } = node.fields('template', 'overrides', 'namespaced');
  const resources = Array.from(overrides.entries(), ([label, override]) => {
    const { group, resource } = override.fields('group', 'resource');
    const plural = pluralOf(resource.text());
    // prometheus-adapter finds the group of a resource that has none here.
    return [label, group.text() === '' ? meantResource(plural) ?? plural : `${plural}.${group.text()}`];
  });
  return { resources: resources.length > 0 ? Object.fromEntries(resources) : undefined, resourceTemplate: textOf(template) };
}

function remarksOn(resources: ConfigurationNode): string[] {
  const { template, overrides } = resources.fields('template', 'overrides', 'namespaced');
  const strange = [...overrides.entries().values()].map((override) => override.fields('group', 'resource')).filter(({ group }) => !isBuiltIn(group.text()));
  return [
    ...template.isAbsent ? [] : ['Of what resourceTemplate names, the adapter may list namespaces, pods and services: name others in resources'],
    ...strange.map(({ group, resource }) => `${pluralOf(resource.text())}.${group.text()} has to be the plural, as kubectl api-resources shows it: the right to list names it so`),
  ];
}

function textOf(node: ConfigurationNode): string | undefined {
  return node.text() || undefined;
}
