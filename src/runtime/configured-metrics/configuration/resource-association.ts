import { Template } from '../../../_facts/go-template/template';
import { Re2 } from '../../../_facts/re2/re2';
import { LABEL_FIELDS } from '../../../_facts/rule-templates';
import { expressionAt, templateAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { GroupResource } from '../../custom-metrics/objects';

/** Which labels of a series name objects of Kubernetes: `resources` of a rule. */
export interface ResourceAssociation {
  /** By label; the resource in plural or singular. */
  readonly overrides: ReadonlyMap<string, GroupResource>;
  /** For all other labels. */
  readonly labels?: LabelTemplate;
  /** Where it stands, for messages. */
  readonly node: ConfigurationNode;
}

export interface LabelTemplate {
  /** The label of a resource, of `.Group` and `.Resource`. */
  readonly template: Template;
  /** What labels of that form name, in groups `group` and `resource`. */
  readonly pattern: Re2;
}

export function resourceAssociation(node: ConfigurationNode): ResourceAssociation {
  const { template, overrides } = node.fields('template', 'overrides', 'namespaced');
  const byLabel = Array.from(overrides.entries(), ([label, override]): [string, GroupResource] => {
    const { group, resource } = override.fields('group', 'resource');
    if (resource.text() === '') throw resource.error('is missing; name the resource that the label is for, such as pod');
    return [label, { group: group.text(), resource: resource.text() }];
  });
  return { overrides: new Map(byLabel), ...(template.text() !== '' && { labels: labelTemplate(template) }), node };
}

/** Turned round, the template is an expression that finds the resource in a label. */
function labelTemplate(node: ConfigurationNode): LabelTemplate {
  const template = templateAt(node, LABEL_FIELDS);
  const turned = `^${template.render({ Group: '(?P<group>.+?)', Resource: '(?P<resource>.+?)' })}$`;
  const pattern = expressionAt(new ConfigurationNode(node.file, node.line, node.path, turned));
  if (!pattern.groupNames.includes('resource')) throw node.error('does not hold <<.Resource>>; every resource would have the same label');
  return { template, pattern };
}
