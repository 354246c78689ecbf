import { SourceName } from './declared-metric';
import { ResourceAssociation, resourceAssociation } from './resource-association';
import { Template } from '../../../_facts/go-template/template';
import { Re2 } from '../../../_facts/re2/re2';
import { QUERY_FIELDS } from '../../../_facts/rule-templates';
import { expressionAt, templateAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';

/** One of `rules` or `externalRules`: series that are found in Prometheus, and the metrics that are made of them. */
export interface DiscoveryRule {
  /** Such as `http_requests_total{namespace!=""}`. */
  readonly seriesQuery: string;
  /** All must hold of the name of a series. */
  readonly filters: readonly SeriesFilter[];
  readonly resources: ResourceAssociation;
  /** Whether an external metric asks only for the namespace of the autoscaler. */
  readonly namespaced: boolean;
  readonly name: SeriesName;
  readonly metricsQuery: Template;
  /** Which source is asked; the first one without. */
  readonly source?: string;
  /** Where it stands, for messages. */
  readonly node: ConfigurationNode;
}

export interface SeriesFilter {
  readonly expression: Re2;
  readonly isNot: boolean;
}

/** How a metric is called: `as` with what `matches` found in the name of the series. */
export interface SeriesName {
  readonly matches: Re2;
  readonly as: string;
}

export function discoveryRule(node: ConfigurationNode, sourceName: SourceName): DiscoveryRule {
  const { seriesQuery, seriesFilters, resources, name, metricsQuery, source } = node.fields(
    'seriesQuery', 'seriesFilters', 'resources', 'name', 'metricsQuery', 'source',
  );
  for (const required of [seriesQuery, metricsQuery]) {
    if (required.text() === '') throw required.error('is missing');
  }
  const { matches, as } = name.fields('matches', 'as');
  const naming = seriesName(matches, as);
  return {
    seriesQuery: seriesQuery.text(),
    filters: [...seriesFilters.list().map(seriesFilter), ...matches.text() === '' ? [] : [{ expression: naming.matches, isNot: false }]],
    resources: resourceAssociation(resources),
    namespaced: resources.fields('template', 'overrides', 'namespaced').namespaced.boolean() ?? true,
    name: naming,
    metricsQuery: templateAt(metricsQuery, QUERY_FIELDS),
    source: sourceName(source),
    node,
  };
}

function seriesFilter(node: ConfigurationNode): SeriesFilter {
  const { is, isNot } = node.fields('is', 'isNot');
  if ((is.text() === '') === (isNot.text() === '')) throw node.error('must have one of is and isNot');
  return { expression: expressionAt(is.text() === '' ? isNot : is), isNot: is.text() === '' };
}

/** Without `as`, the only group of `matches`, or the whole name. */
function seriesName(matches: ConfigurationNode, as: ConfigurationNode): SeriesName {
  const expression = matches.text() === '' ? new Re2('.*') : expressionAt(matches);
  const groups = expression.groupNames.length - 1;
  if (as.text() === '' && groups > 1) throw as.error(`is missing; matches has ${groups} groups, say which to use, such as \${1}`);
  return { matches: expression, as: as.text() === '' ? `$${groups}` : as.text() };
}
