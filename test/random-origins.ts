import * as fc from 'fast-check';
import { DOCUMENTS, verifiedAccess } from './random-metric-sources';
import { optional, word } from './random-values';
import { DescribedResource, JsonValues, MetricOrigin, PodValues, SeriesType } from '../src';

const json = {
  value: fc.constantFrom('{.depth}', '$.a[0]'),
  items: optional(fc.constantFrom('{.queues[*]}', '.items[?(@.type=="Ready")]')),
  absent: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
};

const jsonValues: fc.Arbitrary<JsonValues> = fc.record({ ...json, labels: optional(fc.constant({ queue: '{.name}' })) });

export const podsOrigin = fc.record({
  ...verifiedAccess,
  podLabels: fc.constantFrom<Record<string, string>>({ app: 'web' }, { 'app.kubernetes.io/name': 'web', 'tier': '' }),
  port: fc.integer({ min: 1, max: 65_535 }),
  values: fc.oneof(
    fc.constantFrom(PodValues.series('up'), PodValues.series('requests_total{code!~"5..", a="b\\"c"}', SeriesType.COUNTER), PodValues.series('depth', SeriesType.GAUGE)),
    jsonValues.map((values) => PodValues.json(values)),
  ),
  path: optional(fc.constantFrom('/metrics', '/status?full=true')),
  https: fc.constant(true),
  insecureSkipTlsVerify: optional(fc.constant(false)),
  podNamespace: optional(word),
}).map((given) => MetricOrigin.pods(given));

/** Documents and objects whose values have these labels. */
export function labelled(...names: readonly string[]): fc.Arbitrary<MetricOrigin> {
  const paths = Object.fromEntries(names.map((label) => [label, `{.metadata['example.com/${label}']}`]));
  const values = { ...json, labels: names.length > 0 ? fc.constant(paths) : optional(fc.constant(paths)) };
  const objects = fc.record({
    ...values,
    resource: fc.constantFrom(DescribedResource.deployment(), DescribedResource.service(), DescribedResource.of('example.com/v1', 'Thing', 'things')),
    objectNamespace: optional(word),
    objectName: optional(word.map((name) => `given-${name}`)),
    objectLabels: optional(fc.constant({ app: 'web' })),
  }).map((given) => given.objectName === undefined ? given : { ...given, objectNamespace: given.objectNamespace ?? 'shop', objectLabels: undefined });
  const documents = fc.record({ ...values, path: fc.constantFrom('/queues', '/a?b=c') });
  return fc.oneof(documents.map((given) => MetricOrigin.http(DOCUMENTS, given)), objects.map((given) => MetricOrigin.objects(given)));
}

export const scheduleOrigin = fc.record({
  windows: fc.array(
    fc.record({ start: fc.constantFrom('0 8 * * mon-fri', '*/5 1,2 * jan 0'), end: fc.constant('30 18 * * *'), value: fc.integer() }), { minLength: 1, maxLength: 3 },
  ),
  timeZone: optional(fc.constantFrom('Europe/Berlin', 'UTC')),
  outside: optional(fc.integer()),
}).map((given) => MetricOrigin.schedule(given));

/** Arithmetic with metrics of pods and of objects. */
export const formula = fc.constantFrom('max(1, requests_per_second{code!="500"} / 2) - requests', '-(requests)', '2').map((text) => MetricOrigin.formula(text));
