import { checkExpression } from './_expression-check';
import { checkFilled } from './_filled-check';
import { templateCheck } from './_template-check';
import { DiscoveryRule, ExternalDiscoveryRule, ResourceAssociation } from './discovery-rule';
import { MetricSource } from './metric-source';
import { ResourceRule, ResourceRules } from './resource-rules';
import { SeriesFilter } from './series-filter';
import { Re2 } from '../_facts/re2/re2';
import { LABEL_FIELDS, QUERY_FIELDS } from '../_facts/rule-templates';
import { meantResource } from '../_facts/well-known-resources';
import { parseQuery, parseSelector } from '../promql/_query';
import { QueryMistake } from '../promql/_query-mistake';
import { allOf, fieldsOf, instanceOf, listOf, OptionalChecks } from '../validation/_checks';
import { Check, checkBoolean, checkDuration, isRecord, refuse } from '../validation/_validation';

const checkResources: Check = (scope, property, resources) => {
  const mend = `write ${property} as in { pod: 'pods', ingress: 'ingresses.networking.k8s.io' }`;
  if (!isRecord(resources)) refuse(scope, { property, given: resources, allowed: 'resources by label', mend });
  for (const [label, resource] of Object.entries(resources)) {
    const meant = typeof resource === 'string' ? meantResource(resource) : undefined;
    if (meant) refuse(scope, { property: `${property}['${label}']`, given: resource, allowed: 'resources as the cluster serves them', mend: `write ${meant}` });
    if (typeof resource === 'string' && /^[a-z][a-z0-9]*(\.[a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/.test(resource) && label !== '') continue;
    refuse(scope, { property: `${property}['${label}']`, given: resource, allowed: 'a resource in the plural, with its group behind a dot where it has one', mend });
  }
};

/** In place of what the adapter fills in, as long as that is written, so that a mistake is said to be where it is. */
const SAMPLE: Readonly<Record<string, (length: number) => string>> = {
  Series: (length) => 'series'.padEnd(length, '_'), LabelMatchers: (length) => 'label="value"'.padEnd(length), GroupBy: (length) => 'label'.padEnd(length, '_'),
};

const checkQueryText = templateCheck(QUERY_FIELDS);

/** What a template holds besides the usual fields, only the adapter can fill in, so that nobody knows which PromQL it makes. */
const checkQueryTemplate: Check = (scope, property, template) => {
  checkQueryText(scope, property, template);
  const query = (template as string).replace(/<<-? *\.(Series|LabelMatchers|GroupBy) *-?>>/g, (written, field) => SAMPLE[field](written.length));
  if (!query.includes('<<')) checkPromql(() => parseQuery(query), 'sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})', scope, property, template);
};

const checkSeriesQuery: Check = (scope, property, selector) => {
  checkFilled(scope, property, selector);
  checkPromql(() => parseSelector(selector as string), 'http_requests_total{namespace!=""}', scope, property, selector);
};

function checkPromql(parse: () => void, example: string, ...[scope, property, given]: Parameters<Check>): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    refuse(scope, { property, given, allowed: error.allowed, mend: `write it as in ${example}` });
  }
}

/** Without it, every resource would have the same label. */
const checkNamesResource: Check = (scope, property, template) => {
  if (/\.Resource\b/.test(template as string)) return;
  refuse(scope, { property, given: template, allowed: 'a template that holds <<.Resource>>', mend: 'write it as in kube_<<.Resource>>' });
};

const checkLabelTemplate = allOf(templateCheck(LABEL_FIELDS), checkNamesResource);
const ASSOCIATION: OptionalChecks<ResourceAssociation> = { resources: checkResources, resourceTemplate: checkLabelTemplate };
const REQUIRED = { seriesQuery: checkSeriesQuery, metricsQuery: checkQueryTemplate };
const OPTIONAL: OptionalChecks<DiscoveryRule> = {
  ...ASSOCIATION,
  seriesFilters: listOf(allOf(instanceOf(SeriesFilter), (scope, property, value) => (value as SeriesFilter)._check(scope, property))),
  nameMatches: checkExpression,
  nameAs: checkFilled,
  source: instanceOf(MetricSource),
};

/** Of several groups, nobody knows which one is the name. */
const checkNaming: Check = (scope, property, rule) => {
  const { nameMatches, nameAs } = rule as DiscoveryRule;
  const { groupNames } = new Re2(nameMatches ?? '');
  const groups = groupNames.length - 1;
  const [, bare, number, rest] = /\$((\d+)([^\W\d]\w*))/.exec(nameAs ?? '') ?? [];
  if (bare !== undefined && !groupNames.includes(bare)) {
    refuse(scope, {
      property: `${property}.nameAs`, given: nameAs, allowed: `groups that nameMatches has: $${bare} is a group named ${bare}`, mend: `write \${${number}}${rest}`,
    });
  }
  if (nameAs !== undefined || groups < 2) return;
  refuse(scope, { property: `${property}.nameAs`, given: nameAs, allowed: `one of the ${groups} groups of nameMatches`, mend: 'write it as in ${1}_per_second' });
};

export const checkDiscoveryRule = allOf(fieldsOf<DiscoveryRule>(REQUIRED, OPTIONAL), checkNaming);
export const checkExternalDiscoveryRule = allOf(fieldsOf<ExternalDiscoveryRule>(REQUIRED, { ...OPTIONAL, namespaced: checkBoolean }), checkNaming);

const checkResourceRule = fieldsOf<ResourceRule>(
  { containerQuery: checkQueryTemplate, nodeQuery: checkQueryTemplate, containerLabel: checkFilled }, ASSOCIATION,
);
export const checkResourceRules = fieldsOf<ResourceRules>({ cpu: checkResourceRule, memory: checkResourceRule }, { window: checkDuration });
