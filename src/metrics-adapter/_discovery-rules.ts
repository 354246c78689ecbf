import { DiscoveryRule, ExternalDiscoveryRule, ResourceAssociation } from './discovery-rule';
import { ResourceRule, ResourceRules } from './resource-rules';
import { PolicyRule } from '../_facts/rights';
import { goDuration } from '../kubernetes/_go-duration';
import { sorted } from '../validation/_plain';

type GroupResource = readonly [group: string, resource: string];

/** What a template names, nobody knows before: these prometheus-adapter may list as well. */
const USUAL_RESOURCES = ['namespaces', 'pods', 'services'];

/** Rules of prometheus-adapter, whose metrics are found in Prometheus while the adapter runs. */
export class DiscoveryRules {
  private readonly rules: DiscoveryRule[] = [];
  private readonly externalRules: ExternalDiscoveryRule[] = [];

  constructor(private readonly resourceRules?: ResourceRules) {}

  public add(rule: DiscoveryRule): void {
    this.rules.push(rule);
  }

  public addExternal(rule: ExternalDiscoveryRule): void {
    this.externalRules.push(rule);
  }

  /** As the adapter's configuration has them. */
  public get configuration(): object {
    return {
      ...this.rules.length > 0 && { rules: this.rules.map((rule) => ruleConfiguration(rule)) },
      ...this.externalRules.length > 0 && { externalRules: this.externalRules.map((rule) => ruleConfiguration(rule, rule.namespaced)) },
      ...this.resourceRules && { resourceRules: resourceRulesConfiguration(this.resourceRules) },
    };
  }

  /** Kinds of objects that the metrics may be of. */
  public get describedObjects(): readonly GroupResource[] {
    return this.rules.flatMap(({ resources = {}, resourceTemplate }) => [
      ...Object.values(resources), ...resourceTemplate === undefined ? [] : USUAL_RESOURCES,
    ].map(groupResource));
  }

  /** The right to read them, whatever their names will be. */
  public get readRules(): readonly PolicyRule[] {
    return [
      ...this.rules.length > 0 ? [{ apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['get'] }] : [],
      ...this.externalRules.length > 0 ? [{ apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['list'] }] : [],
    ];
  }
}

function ruleConfiguration(rule: DiscoveryRule, namespaced?: boolean): object {
  const { seriesQuery, metricsQuery, seriesFilters = [], nameMatches: matches, nameAs, source } = rule;
  const name = { ...matches !== undefined && { matches }, ...nameAs !== undefined && { as: nameAs } };
  return {
    seriesQuery,
    ...seriesFilters.length > 0 && { seriesFilters: seriesFilters.map(({ _configuration }) => _configuration) },
    ...association(rule, namespaced),
    ...Object.keys(name).length > 0 && { name },
    metricsQuery,
    ...source && { source: source._name },
  };
}

function resourceRulesConfiguration({ cpu, memory, window }: ResourceRules): object {
  return {
    cpu: resourceRuleConfiguration(cpu),
    memory: resourceRuleConfiguration(memory),
    ...window && { window: goDuration(window.toMilliseconds()) },
  };
}

function resourceRuleConfiguration(rule: ResourceRule): object {
  const { containerQuery, nodeQuery, containerLabel } = rule;
  return { containerQuery, nodeQuery, containerLabel, ...association(rule) };
}

function association({ resources, resourceTemplate }: ResourceAssociation, namespaced?: boolean): object {
  const overrides = Object.entries(sorted(resources ?? {})).map(([label, name]) => {
    const [group, resource] = groupResource(name);
    return [label, { ...group !== '' && { group }, resource }];
  });
  const given = {
    ...overrides.length > 0 && { overrides: Object.fromEntries(overrides) },
    ...resourceTemplate !== undefined && { template: resourceTemplate },
    ...namespaced !== undefined && { namespaced },
  };
  return Object.keys(given).length > 0 ? { resources: given } : {};
}

/** `ingresses.networking.k8s.io` */
function groupResource(name: string): GroupResource {
  const [resource, ...group] = name.split('.');
  return [group.join('.'), resource];
}
