import * as fc from 'fast-check';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';

const rendered = (fill: (registry: MetricRegistry) => void): string => {
  const registry = new MetricRegistry();
  fill(registry);
  return registry.render();
};

test('a counter', () => {
  expect(rendered((registry) => {
    const requests = registry.counter({ name: 'requests_total', help: 'Requests.', labelNames: ['verb', 'code'] });
    requests.inc({ verb: 'LIST', code: '200' });
    requests.inc({ code: '200', verb: 'LIST' }, 2);
    requests.inc({ verb: 'GET', code: '404' });
  })).toBe([
    '# HELP requests_total Requests.',
    '# TYPE requests_total counter',
    'requests_total{verb="GET",code="404"} 1',
    'requests_total{verb="LIST",code="200"} 3',
    '',
  ].join('\n'));
});

test('a gauge', () => {
  expect(rendered((registry) => {
    const points = registry.gauge({ name: 'points', help: 'Points.', labelNames: ['type'] });
    points.set({ type: 'node' }, 3);
    points.set({ type: 'node' }, 1.5);
    points.set({ type: 'container' }, Infinity);
  })).toBe('# HELP points Points.\n# TYPE points gauge\npoints{type="container"} +Inf\npoints{type="node"} 1.5\n');
});

test('a histogram counts an observation in each bucket whose bound it does not exceed', () => {
  expect(rendered((registry) => {
    const duration = registry.histogram({ name: 'duration_seconds', help: 'Duration.', labelNames: ['node'], buckets: [0.5, 1] });
    for (const seconds of [0.25, 0.5, 0.75, 4]) {
      duration.observe({ node: 'a' }, seconds);
    }
  })).toBe([
    '# HELP duration_seconds Duration.',
    '# TYPE duration_seconds histogram',
    'duration_seconds_bucket{node="a",le="0.5"} 2',
    'duration_seconds_bucket{node="a",le="1"} 3',
    'duration_seconds_bucket{node="a",le="+Inf"} 4',
    'duration_seconds_sum{node="a"} 5.5',
    'duration_seconds_count{node="a"} 4',
    '',
  ].join('\n'));
});

test('a family without labels is there from the start, one with labels once it has a series', () => {
  expect(rendered((registry) => {
    registry.counter({ name: 'plain_total', help: 'Plain.' });
    registry.counter({ name: 'labelled_total', help: 'Labelled.', labelNames: ['node'] });
    registry.histogram({ name: 'seconds', help: 'Seconds.', buckets: [] });
  })).toBe([
    '# HELP plain_total Plain.',
    '# TYPE plain_total counter',
    'plain_total 0',
    '# HELP seconds Seconds.',
    '# TYPE seconds histogram',
    'seconds_bucket{le="+Inf"} 0',
    'seconds_sum 0',
    'seconds_count 0',
    '',
  ].join('\n'));
});

test('a removed series is forgotten and starts anew', () => {
  const registry = new MetricRegistry();
  const requests = registry.counter({ name: 'requests_total', help: 'Requests.', labelNames: ['node'] });
  requests.inc({ node: 'gone' }, 5);
  requests.remove({ node: 'gone' });
  expect(registry.render()).toBe('');
  requests.inc({ node: 'gone' });
  expect(registry.render()).toContain('requests_total{node="gone"} 1\n');
});

test('collectors run before each rendering', () => {
  const registry = new MetricRegistry();
  const renderings = registry.counter({ name: 'renderings_total', help: 'Renderings.' });
  registry.collect(() => renderings.inc());
  expect(registry.render()).toContain('renderings_total 1\n');
  expect(registry.render()).toContain('renderings_total 2\n');
});

test('families and series are sorted, in whatever order they came', () => {
  const names = ['a_total', 'b_total', 'c_total'];
  const fill = (order: string[]) => rendered((registry) => order.forEach((name) => {
    const counter = registry.counter({ name, help: 'H.', labelNames: ['l'] });
    order.forEach((l) => counter.inc({ l }));
  }));
  expect(fill([...names].reverse())).toBe(fill(names));
});

test('what would break the format is refused', () => {
  const registry = new MetricRegistry();
  const counter = registry.counter({ name: 'taken_total', help: '' });
  expect(() => registry.gauge({ name: 'taken_total', help: '' })).toThrow('metric taken_total is already registered');
  expect(() => registry.gauge({ name: 'with-dash', help: '' })).toThrow('not a metric with labels: with-dash{}');
  expect(() => registry.gauge({ name: 'g', help: '', labelNames: ['__name__'] })).toThrow('not a metric with labels: g{__name__}');
  expect(() => registry.histogram({ name: 'h', help: '', labelNames: ['le'], buckets: [1] })).toThrow('label le');
  expect(() => registry.histogram({ name: 'h', help: '', buckets: [2, 1] })).toThrow('must be finite and ascend: 2,1');
  expect(() => counter.inc({}, -1)).toThrow('counter taken_total cannot grow by -1');
  expect(() => counter.inc({}, NaN)).toThrow(RangeError);
});

/** Reads samples as a scraper does, each as [name, labels, value]; throws at a line it cannot read. */
function samplesIn(text: string): [string, Record<string, string>, number][] {
  return text.split('\n').slice(0, -1).filter((line) => !/^# (?:HELP \w+ (?:[^\\]|\\[\\n])*|TYPE \w+ \w+)$/.test(line)).map((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{((?:\w+="(?:[^"\\]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(line)!;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, escaped]) =>
      [key, escaped.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))] as const);
    return [name, Object.fromEntries(pairs), Number(value.replace('Inf', 'Infinity'))];
  });
}

test('whatever labels, help and values hold, a scraper reads them back', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '{', '}', ',', '=', ' ', '#') }));
  const series = fc.uniqueArray(fc.tuple(text, text, fc.double()), { selector: ([a, b]) => JSON.stringify([a, b]) });
  fc.assert(fc.property(text, series, (help, expected) => {
    const page = rendered((registry) => {
      const gauge = registry.gauge({ name: 'g', help, labelNames: ['a', 'b'] });
      expected.forEach(([a, b, value]) => gauge.set({ a, b }, value));
    });
    const byLabels = (all: [string, Record<string, string>, number][]) => new Map(all.map(([, { a, b }, value]) => [JSON.stringify([a, b]), value]));
    expect(byLabels(samplesIn(page))).toEqual(new Map(expected.map(([a, b, value]) => [JSON.stringify([a, b]), value === 0 ? 0 : value])));
  }));
});

test('buckets of a histogram never shrink and end at the count', () => {
  const bounds = fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, comparator: (a, b) => a === b })
    .map((all) => [...all].sort((a, b) => a - b));
  fc.assert(fc.property(bounds, fc.array(fc.double({ noNaN: true })), (buckets, observations) => {
    const samples = samplesIn(rendered((registry) => {
      const histogram = registry.histogram({ name: 'h', help: '', buckets });
      observations.forEach((observation) => histogram.observe({}, observation));
    }));
    const counts = samples.filter(([name]) => name === 'h_bucket').map(([, , value]) => value);
    expect(counts).toEqual([...buckets, Infinity].map((bound) => observations.filter((observation) => observation <= bound).length));
    expect(samples.find(([name]) => name === 'h_count')![2]).toBe(observations.length);
  }));
});
