import {
  ALLOWED_METRIC_NAME, COMBINATIONS, defaultMaxAgeMs, EMPTY_MEANINGS, isMetricName, isNamespaceName,
  MAX_AGE, NAN_MEANINGS, REFRESH, RESERVED_METRIC_NAMES,
} from '../../../_facts/adapter-configuration';
import { isKnownInNamespaces } from '../../../_facts/well-known-resources';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { durationWithin, prometheusDuration } from '../../configuration-file/prometheus-duration';
import { GroupResource } from '../../custom-metrics/objects';
import { DescribedObject, Description, MetricOrigin, SampledMetric } from '../../metric-sources/metric-origin';
import { metricOrigin, ORIGIN_FIELDS } from '../../metric-sources/origins';

/** A metric that says where it comes from. Nothing is discovered: what is asked once gives the values for everybody who asks. */
export interface DeclaredMetric extends SampledMetric {
  /** Of an external metric: from where it may be asked. Without it, from everywhere. */
  readonly namespaces?: readonly string[];
  readonly origin: MetricOrigin;
  /** What becomes of the samples of several sources, or of several series of one object. */
  readonly combine: typeof COMBINATIONS[number];
  /** A value is served for so long while there is no newer one, with the time that it is of. */
  readonly maxAgeMs: number;
  readonly onEmpty: typeof EMPTY_MEANINGS[number];
  readonly onNaN: typeof NAN_MEANINGS[number];
  readonly minimum: number;
  readonly maximum: number;
  /** Where it stands: `config.yaml:12: metrics[0]`. */
  readonly place: string;
  /** What it asks and of whom, and what its samples are of: the same where the samples of two configurations are the same. */
  readonly said: string;
}


const SAMPLED_FIELDS = ['name', 'object', 'namespaceLabel', 'combine'] as const;

export type SourceName = (node: ConfigurationNode) => string | undefined;

/** `sourcesSaid` is what the sources of these names say; undefined stands for the first. */
export function declaredMetric(
  node: ConfigurationNode, sourceName: SourceName, sourcesSaid: (names: readonly (string | undefined)[]) => string,
): DeclaredMetric {
  const asked: (string | undefined)[] = [];
  const noted: SourceName = (name) => {
    asked.push(sourceName(name));
    return asked.at(-1);
  };
  const fields = node.fields(
    'name', ...ORIGIN_FIELDS, 'object', 'namespaceLabel', 'namespaces', 'source', 'sources', 'combine', 'refresh', 'maxAge', 'window', 'onEmpty', 'onNaN', 'minimum', 'maximum',
  );
  const origin = metricOrigin(node, fields, noted);
  const refreshMs = durationWithin(fields.refresh, REFRESH);
  const minimum = fields.minimum.number() ?? -Infinity;
  const maximum = fields.maximum.number() ?? Infinity;
  if (minimum > maximum) throw fields.minimum.error(`is ${minimum}, above maximum, which is ${maximum}`);
  const description = described(fields, origin);
  return {
    name: metricName(fields.name),
    origin,
    ...description,
    namespaces: namespaceNames(fields.namespaces, description.object),
    combine: choice(fields.combine, ...COMBINATIONS),
    refreshMs,
    maxAgeMs: durationWithin(fields.maxAge, { defaultMs: defaultMaxAgeMs(refreshMs), minMs: refreshMs, maxMs: MAX_AGE.maxMs }),
    windowSeconds: fields.window.isAbsent ? origin.windowSeconds : Math.round(prometheusDuration(fields.window) / 1000),
    onEmpty: choice(fields.onEmpty, ...EMPTY_MEANINGS),
    onNaN: choice(fields.onNaN, ...NAN_MEANINGS),
    minimum,
    maximum,
    place: node.place,
    said: [...[...ORIGIN_FIELDS, ...SAMPLED_FIELDS].map((field) => fields[field].said), sourcesSaid(asked)].join(' '),
  };
}

function metricName(node: ConfigurationNode): string {
  const name = node.text();
  if (!isMetricName(name)) throw node.error(`is ${JSON.stringify(name)}; give ${ALLOWED_METRIC_NAME}`);
  if (RESERVED_METRIC_NAMES.includes(name)) throw node.error(`is ${name}, which Kubernetes takes for a part of the namespace; give another`);
  return name;
}

function described({ object, namespaceLabel }: Readonly<Record<'object' | 'namespaceLabel', ConfigurationNode>>, origin: MetricOrigin): Description {
  if (!origin.described) {
    const given = describedObject(object);
    if (given) requireNamespaceLabel(given.groupResource, namespaceLabel);
    return { object: given, namespaceLabel: namespaceLabel.text() || undefined };
  }
  const given = [object, namespaceLabel].find((node) => !node.isAbsent);
  if (given) throw given.error('cannot be given: where the metric comes from says of what it is');
  return origin.described;
}

/** Of kinds that are not known to be in namespaces it is said when they are asked for. */
function requireNamespaceLabel({ resource }: GroupResource, namespaceLabel: ConfigurationNode): void {
  if (!isKnownInNamespaces(resource) || !namespaceLabel.isAbsent) return;
  throw namespaceLabel.error('is missing; give the label that holds the namespace, since others have objects of that name too');
}

function namespaceNames(node: ConfigurationNode, object: DescribedObject | undefined): readonly string[] | undefined {
  if (node.isAbsent) return undefined;
  if (object) throw node.error('cannot be given: a metric of objects is read in their namespaces');
  const names = node.list().map((one) => {
    if (!isNamespaceName(one.text())) throw one.error(`is ${JSON.stringify(one.text())}; give the name of a namespace`);
    return one.text();
  });
  if (names.length === 0) throw node.error('is empty; name one namespace, or leave it out for all of them');
  return names;
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
