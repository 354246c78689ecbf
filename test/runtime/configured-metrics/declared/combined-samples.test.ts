import * as fc from 'fast-check';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { combined } from '../../../../src/runtime/configured-metrics/declared/combined-samples';
import { ServedMetric } from '../../../../src/runtime/configured-metrics/declared/served-metric';
import { Selector } from '../../../../src/runtime/labels/selector';
import { seriesKey } from '../../../../src/runtime/prometheus/samples';
import { Sources } from '../../../../src/runtime/prometheus/sources';
import { sourceContext } from '../../metric-sources/declared-source';
import { FakePrometheus, vector } from '../../prometheus/fake-prometheus';

const name = fc.stringMatching(/^[a-z0-9_]{1,3}$/);

test('series are the same by their labels, in whatever order they come', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([label]) => label }), (labels) => {
    expect(seriesKey(Object.fromEntries(labels))).toBe(seriesKey(Object.fromEntries([...labels].reverse())));
  }));
  expect(seriesKey({ a: 'b', c: 'd' })).not.toBe(seriesKey({ a: 'd', c: 'b' }));
  expect(combined([{ b: '1', a: '2' }, { a: '2', b: '1' }].map((labels) => ({ labels, value: 3, timestampMs: 7 })), 'sum'))
    .toEqual([{ labels: { a: '2', b: '1' }, value: 6, timestampMs: 7 }]);
});

test('a source that repeats a series, as a proxy before several may, gives it once', async () => {
  const main = new FakePrometheus('main');
  main.answerTo = () => vector([[{ queue: 'mail' }, 3], [{ queue: 'web' }, 1], [{ queue: 'mail' }, 4]]);
  const { metrics: [metric] } = await readConfiguration('c', 'sources: [{name: main, url: "http://a"}]\nmetrics: [{name: q, query: depth, combine: max}]');
  const served = new ServedMetric(metric, sourceContext({ sources: new Sources([main]) }), () => 0.5);
  const values = await served.ofSeries('', Selector.everything, new AbortController().signal);
  served.stop();
  expect(values.map(({ metricLabels, value }) => [metricLabels, String(value)])).toEqual([[{ queue: 'mail' }, '4'], [{ queue: 'web' }, '1']]);
});
