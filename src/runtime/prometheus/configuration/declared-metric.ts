import { ConfigurationNode } from './configuration-node';
import { prometheusDuration } from './prometheus-duration';
import { GroupResource } from '../../custom-metrics/objects';
import { MetricOrigin } from '../../metric-sources/metric-origin';
import { prometheusQuery } from '../../metric-sources/prometheus-query';

/** A metric that says where it comes from. Nothing is discovered: what is asked once gives the values for everybody who asks. */
export interface DeclaredMetric {
  readonly name: string;
  readonly origin: MetricOrigin;
  /** Without it, the metric is external. */
  readonly object?: DescribedObject;
  /** Holds the namespace of a sample. Without it, samples are for every namespace. */
  readonly namespaceLabel?: string;
  /** What becomes of the samples of several sources, or of several series of one object. */
  readonly combine: 'sum' | 'max';
  /** How often the query is asked while somebody wants to know. */
  readonly refreshMs: number;
  /** A value is served for so long while there is no newer one, with the time that it is of. */
  readonly maxAgeMs: number;
  readonly windowSeconds?: number;
  readonly onEmpty: 'error' | 'zero' | 'last';
  readonly onNaN: 'error' | 'zero' | 'skip' | 'last';
  readonly minimum: number;
  readonly maximum: number;
}

export interface DescribedObject {
  /** In plural or singular. */
  readonly groupResource: GroupResource;
  /** Holds the name of the object. */
  readonly nameLabel: string;
}

export type SourceName = (node: ConfigurationNode) => string | undefined;

const DEFAULT_REFRESH_MS = 15_000;
const DEFAULT_MAX_AGE_MS = 60_000;

export function declaredMetric(node: ConfigurationNode, sourceName: SourceName): DeclaredMetric {
  const fields = node.fields(
    'name', 'query', 'object', 'namespaceLabel', 'source', 'sources', 'combine', 'refresh', 'maxAge', 'window', 'onEmpty', 'onNaN', 'minimum', 'maximum',
  );
  if (!fields.source.isAbsent && !fields.sources.isAbsent) throw node.error('has both source and sources; give one of them');
  const sources = fields.sources.list().map(sourceName);
  const origin = prometheusQuery(fields.query, sources.length > 0 ? sources : [sourceName(fields.source)]);
  const refreshMs = duration(fields.refresh, DEFAULT_REFRESH_MS, 1000, 3_600_000);
  const minimum = number(fields.minimum, -Infinity);
  const maximum = number(fields.maximum, Infinity);
  if (minimum > maximum) throw fields.minimum.error(`is ${minimum}, above maximum, which is ${maximum}`);
  return {
    name: metricName(fields.name),
    origin,
    object: describedObject(fields.object),
    namespaceLabel: fields.namespaceLabel.text() || undefined,
    combine: choice(fields.combine, 'sum', 'max'),
    refreshMs,
    maxAgeMs: duration(fields.maxAge, Math.max(DEFAULT_MAX_AGE_MS, 2 * refreshMs), refreshMs, 86_400_000),
    windowSeconds: fields.window.isAbsent ? origin.windowSeconds : Math.round(prometheusDuration(fields.window) / 1000),
    onEmpty: choice(fields.onEmpty, 'error', 'zero', 'last'),
    onNaN: choice(fields.onNaN, 'error', 'zero', 'skip', 'last'),
    minimum,
    maximum,
  };
}

/** One segment of a path, which a rule of Kubernetes' access control can name. */
function metricName(node: ConfigurationNode): string {
  const name = node.text();
  if (!/^[A-Za-z0-9_:.-]{1,253}$/.test(name) || /^\.+$/.test(name)) {
    throw node.error(`is ${JSON.stringify(name)}; give up to 253 letters, digits, _, :, . and -`);
  }
  if (name === 'status' || name === 'finalize') throw node.error(`is ${name}, which Kubernetes takes for a part of the namespace; give another`);
  return name;
}

function describedObject(node: ConfigurationNode): DescribedObject | undefined {
  if (node.isAbsent) return undefined;
  const { group, resource, nameLabel } = node.fields('group', 'resource', 'nameLabel');
  for (const required of [resource, nameLabel]) {
    if (required.text() === '') throw required.error('is missing');
  }
  return { groupResource: { group: group.text(), resource: resource.text() }, nameLabel: nameLabel.text() };
}

/** The first is the default. */
function choice<T extends string>(node: ConfigurationNode, ...allowed: readonly T[]): T {
  const given = node.text() || allowed[0];
  const found = allowed.find((one) => one === given);
  if (found === undefined) throw node.error(`is ${JSON.stringify(given)}; give one of ${allowed.join(', ')}`);
  return found;
}

function duration(node: ConfigurationNode, defaultMs: number, minMs: number, maxMs: number): number {
  const durationMs = node.isAbsent ? defaultMs : prometheusDuration(node);
  if (durationMs < minMs || durationMs > maxMs) throw node.error(`is ${node.text()}; give from ${minMs / 1000}s to ${maxMs / 1000}s`);
  return durationMs;
}

function number(node: ConfigurationNode, absent: number): number {
  if (node.isAbsent) return absent;
  const value = node.text().trim() === '' ? NaN : Number(node.text());
  if (!Number.isFinite(value)) throw node.error(`is ${JSON.stringify(node.text())}; give a number`);
  return value;
}
