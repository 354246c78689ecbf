import * as fc from 'fast-check';

export const STARTED_MS = 1_795_229_900_000;
/** When the kubelet measured. */
export const MEASURED_MS = STARTED_MS - 5_000;

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const labels = fc.record({ container: fc.constantFrom('app', 'sidecar', 'a'), namespace: fc.constantFrom('default', 'kube-system'), pod: name });
const value = fc.oneof(
  fc.double({ min: 0, noNaN: true }), fc.double({ noNaN: true, min: 0, max: 1e6 }), fc.double(), fc.integer(), fc.constantFrom('1.7952297400481648e+09', '1e+06'),
).map(String).map(text => text === 'Infinity' ? '+Inf' : text);
const timestamp = fc.oneof(
  fc.constant(''),
  fc.integer({ min: STARTED_MS - 1e6, max: STARTED_MS + 1e6 }).map(ms => ` ${ms}`),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(ms => ` ${ms}`),
);
const family = fc.constantFrom('container_cpu_usage_seconds_total', 'container_memory_working_set_bytes', 'container_start_time_seconds', 'container_swap_usage_bytes');
const written = fc.tuple(labels, fc.constantFrom('c,n,p', 'p,c,n', 'n,p,x,c')).map(([{ container: c, namespace: n, pod: p }, order]) => {
  const pairs: Record<string, string> = { c: `container="${c}"`, n: `namespace="${n}"`, p: `pod="${p}"`, x: 'id="\\"}"' };
  return order.split(',').map(key => pairs[key]).join();
});
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(family, written, value, timestamp).map(([f, l, v, t]) => `${f}{${l}} ${v}${t}\n`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('node_cpu_usage_seconds_total', 'node_memory_working_set_bytes', 'node_swap_usage_bytes'), value, timestamp).map(([f, v, t]) => `${f} ${v}${t}\n`) },
  { weight: 1, arbitrary: fc.constantFrom('# HELP x y\n', '\n', 'resource_scrape_error 0\n') },
);
/** Samples in any order. */
export const pageText = fc.array(line, { maxLength: 60 }).map(lines => lines.join(''));

const metric = fc.constantFrom(
  'container_cpu_usage_seconds_total', 'container_memory_working_set_bytes', 'container_start_time_seconds', 'container_swap_usage_bytes',
  'container_swap', 'pod_cpu_usage_seconds_total', 'node_swap_usage_bytes',
);
const samples = fc.array(fc.tuple(written, value, timestamp).map(([l, v, t]) => `{${l}} ${v}${t}\n`), { maxLength: 6 });
const announced = fc.constantFrom('', '# TYPE NAME gauge\n', '# HELP NAME {\n# TYPE NAME counter\n', '# TYPE NAME gauge\n# HELP NAME x#\n');
const group = fc.record({ metric, samples, announced });
/** Samples of a metric together, as the format wants them, announced or not. */
export const wholeMetrics = fc.uniqueArray(group, { selector: one => one.metric, maxLength: 7 })
  .map(all => all.map(one => one.announced.replaceAll('NAME', one.metric) + one.samples.map(sample => one.metric + sample).join('')).join(''));

const usualValue = fc.oneof(
  fc.nat({ max: 1e9 }).map(String),
  fc.nat({ max: 1e12 }).map(nanoseconds => String(nanoseconds / 1e9)),
  fc.nat({ max: 2 ** 36 }).map(bytes => bytes.toExponential()),
  fc.double({ min: 1.7e9, max: 1.9e9, noNaN: true }).map(seconds => seconds.toExponential(16)),
);
const usualTimestamp = fc.oneof(fc.constant(''), fc.integer({ min: STARTED_MS - 1e6, max: STARTED_MS }).map(ms => ` ${ms}`), fc.constant(' -62135596800000'));
const containers = fc.array(labels, { minLength: 1, maxLength: 8 });
const usualMetric = fc.record({
  called: fc.oneof(family, metric.filter(one => !one.startsWith('node'))),
  others: containers,
  /** Where in the list of containers others stand. */
  at: fc.nat({ max: 8 }),
  figures: fc.array(fc.tuple(usualValue, usualTimestamp), { minLength: 1, maxLength: 10 }),
});
type UsualMetric = typeof usualMetric extends fc.Arbitrary<infer T> ? T : never;

/** As kubelets write it: each metric lists the same containers, unless some have come or gone in between. */
export const usualPage = fc.tuple(containers, fc.array(usualMetric, { maxLength: 8 })).map(([common, metrics]) => (
  metrics.map((one) => usualText(one, common)).join('') + 'node_cpu_usage_seconds_total 5632.835034084 1795229285173\n'
));

function usualText({ called, others, at, figures }: UsualMetric, common: UsualMetric['others']): string {
  const listed = [...common.slice(0, at), ...others.slice(at), ...common.slice(at)];
  const lines = listed.map(({ container, namespace, pod }, row) => (
    `${called}{container="${container}",namespace="${namespace}",pod="${pod}"} ${figures[row % figures.length].join('')}\n`
  ));
  return `# HELP ${called} [STABLE] text\n# TYPE ${called} gauge\n${lines.join('')}`;
}

const edit = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ maxLength: 8 }), cut: fc.nat() });

/** A page with some bytes changed, and perhaps its end cut off. */
export const brokenPage = fc.tuple(fc.oneof(pageText, wholeMetrics, usualPage), fc.array(edit, { maxLength: 4 })).map(([text, edits]) => (
  edits.reduce((body, { at, bytes, cut }) => {
    const position = at % (body.length + 1);
    return Buffer.concat([body.subarray(0, position), bytes, body.subarray(position + cut % 8)]);
  }, Buffer.from(text))
));
