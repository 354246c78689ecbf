import { checkFilled } from './_filled-check';
import { DiscoveryRule, ExternalDiscoveryRule, ResourceAssociation } from './discovery-rule';
import { MetricSource } from './metric-source';
import { ResourceRule, ResourceRules } from './resource-rules';
import { SeriesFilter } from './series-filter';
import { parseQuery, parseSelector } from '../promql/_query';
import { QueryMistake } from '../promql/_query-mistake';
import { allOf, fieldsOf, instanceOf, listOf, OptionalChecks } from '../validation/_checks';
import { Check, checkBoolean, checkDuration, isRecord, refuse } from '../validation/_validation';

const checkResources: Check = (scope, property, resources) => {
  const mend = `write ${property} as in { pod: 'pods', ingress: 'ingresses.networking.k8s.io' }`;
  if (!isRecord(resources)) refuse(scope, { property, given: resources, allowed: 'resources by label', mend });
  for (const [label, resource] of Object.entries(resources)) {
    if (typeof resource === 'string' && /^[a-z][a-z0-9]*(\.[a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/.test(resource) && label !== '') continue;
    refuse(scope, { property: `${property}['${label}']`, given: resource, allowed: 'a resource in the plural, with its group behind a dot where it has one', mend });
  }
};

/** In place of what the adapter fills in. */
const SAMPLE: Readonly<Record<string, string>> = { Series: 'series', LabelMatchers: 'label="value"', GroupBy: 'label' };

/** A template of PromQL. What else it holds than the usual fields, the adapter alone can fill in. */
const checkQueryTemplate: Check = (scope, property, template) => {
  checkFilled(scope, property, template);
  const query = (template as string).replace(/<<-? *\.(Series|LabelMatchers|GroupBy) *-?>>/g, (_, field) => SAMPLE[field]);
  if (!query.includes('<<')) checkPromql(() => parseQuery(query), scope, property, template);
};

const checkSeriesQuery: Check = (scope, property, selector) => {
  checkFilled(scope, property, selector);
  checkPromql(() => parseSelector(selector as string), scope, property, selector);
};

function checkPromql(parse: () => void, ...[scope, property, given]: Parameters<Check>): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    refuse(scope, { property, given, allowed: error.allowed, mend: 'correct it until Prometheus\' own page takes it' });
  }
}

const ASSOCIATION: OptionalChecks<ResourceAssociation> = { resources: checkResources, resourceTemplate: checkFilled };
const REQUIRED = { seriesQuery: checkSeriesQuery, metricsQuery: checkQueryTemplate };
const OPTIONAL: OptionalChecks<DiscoveryRule> = {
  ...ASSOCIATION,
  seriesFilters: listOf(allOf(instanceOf(SeriesFilter), (scope, property, value) => (value as SeriesFilter)._check(scope, property))),
  nameMatches: checkFilled,
  nameAs: checkFilled,
  source: instanceOf(MetricSource),
};

export const checkDiscoveryRule = fieldsOf<DiscoveryRule>(REQUIRED, OPTIONAL);
export const checkExternalDiscoveryRule = fieldsOf<ExternalDiscoveryRule>(REQUIRED, { ...OPTIONAL, namespaced: checkBoolean });

const checkResourceRule = fieldsOf<ResourceRule>(
  { containerQuery: checkQueryTemplate, nodeQuery: checkQueryTemplate, containerLabel: checkFilled }, ASSOCIATION,
);
export const checkResourceRules = fieldsOf<ResourceRules>({ cpu: checkResourceRule, memory: checkResourceRule }, { window: checkDuration });
