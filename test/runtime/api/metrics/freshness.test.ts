import { metricFreshness } from '../../../../src/runtime/api/metrics/freshness';
import { goldenText } from '../golden';

test('the histogram has the name and the buckets of metrics-server', () => {
  const observed: unknown[] = [];
  let options: any;
  const registry: any = {
    histogram: (given: unknown) => {
      options = given;
      return { observe: (...observation: unknown[]) => observed.push(observation) };
    },
  };
  metricFreshness(registry)(6.75);
  expect(observed).toEqual([[{}, 6.75]]);
  const upstream = [...goldenText('metrics-server-series.txt').matchAll(/^(\w+freshness_seconds)_bucket\{le="([\d.]+)"\}/gm)];
  expect(upstream).toHaveLength(20);
  expect(options.buckets.map(String)).toEqual(upstream.map(([, , bound]) => bound));
  expect(options.name).toBe(upstream[0][1]);
});
