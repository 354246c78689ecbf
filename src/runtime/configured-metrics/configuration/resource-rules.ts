import { ResourceAssociation, resourceAssociation } from './resource-association';
import { Template } from '../../../_facts/go-template/template';
import { QUERY_FIELDS } from '../../../_facts/rule-templates';
import { templateAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { prometheusDuration } from '../../configuration-file/prometheus-duration';

/** `resourceRules`: usage of nodes and pods as Prometheus knows it. */
export interface ResourceRules {
  readonly cpu: ResourceRule;
  readonly memory: ResourceRule;
  /** Over which the rates of the queries are. */
  readonly windowMs: number;
}

export interface ResourceRule {
  readonly containerQuery: Template;
  readonly nodeQuery: Template;
  readonly resources: ResourceAssociation;
  /** The label that holds the name of a container. */
  readonly containerLabel: string;
}

export function resourceRules(node: ConfigurationNode): ResourceRules {
  const { cpu, memory, window } = node.fields('cpu', 'memory', 'window');
  return { cpu: resourceRule(cpu), memory: resourceRule(memory), windowMs: window.isAbsent ? 0 : prometheusDuration(window) };
}

function resourceRule(node: ConfigurationNode): ResourceRule {
  const { containerQuery, nodeQuery, resources, containerLabel } = node.fields('containerQuery', 'nodeQuery', 'resources', 'containerLabel');
  for (const required of [containerQuery, nodeQuery, containerLabel]) {
    if (required.text() === '') throw required.error('is missing');
  }
  return {
    containerQuery: templateAt(containerQuery, QUERY_FIELDS),
    nodeQuery: templateAt(nodeQuery, QUERY_FIELDS),
    resources: resourceAssociation(resources),
    containerLabel: containerLabel.text(),
  };
}
