import { formula } from './formula/formula';
import { httpJson } from './http-json';
import { MetricOrigin } from './metric-origin';
import { objectState } from './object-state';
import { podScrape } from './pods/pod-scrape';
import { prometheusQuery } from './prometheus-query';
import { schedule } from './schedule/schedule';
import { ConfigurationNode } from '../configuration-file/configuration-node';

type SourceNames = readonly (string | undefined)[];
type SourceName = (node: ConfigurationNode) => string | undefined;
type Reader = (node: ConfigurationNode, sources: SourceNames) => MetricOrigin;

/** By the field of a metric that says where it comes from. */
const OF_SOURCES = { query: prometheusQuery, http: httpJson } as const satisfies Record<string, Reader>;
const OF_THEIR_OWN = { pods: podScrape, formula, schedule, objects: objectState } as const satisfies Record<string, Reader>;
const ORIGINS: Readonly<Record<OriginField, Reader>> = { ...OF_SOURCES, ...OF_THEIR_OWN };

type OriginField = keyof typeof OF_SOURCES | keyof typeof OF_THEIR_OWN;

export const ORIGIN_FIELDS = Object.keys(ORIGINS) as OriginField[];

export type OriginFields = Readonly<Record<OriginField | 'source' | 'sources', ConfigurationNode>>;

/** @throws ConfigurationError */
export function metricOrigin(metric: ConfigurationNode, fields: OriginFields, sourceName: SourceName): MetricOrigin {
  const [field, second] = ORIGIN_FIELDS.filter((name) => !fields[name].isAbsent);
  if (field === undefined) throw metric.error(`does not say where it comes from; give one of ${ORIGIN_FIELDS.join(', ')}`);
  if (second !== undefined) throw metric.error(`has both ${field} and ${second}; give one of them`);
  return ORIGINS[field](fields[field], field in OF_SOURCES ? namesOf(metric, fields, sourceName) : none(field, fields));
}

function namesOf(metric: ConfigurationNode, { source, sources }: OriginFields, sourceName: SourceName): SourceNames {
  if (!source.isAbsent && !sources.isAbsent) throw metric.error('has both source and sources; give one of them');
  const names = sources.list().map(sourceName);
  return names.length > 0 ? names : [sourceName(source)];
}

function none(field: OriginField, { source, sources }: OriginFields): SourceNames {
  const given = [source, sources].find((node) => !node.isAbsent);
  if (given) throw given.error(`is not for ${field}, but for ${Object.keys(OF_SOURCES).join(' and ')}`);
  return [];
}
