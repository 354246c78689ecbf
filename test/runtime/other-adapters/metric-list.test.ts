import { externalMetricValues } from '../../../src/runtime/other-adapters/metric-list';

const read = (item: object) => externalMetricValues(JSON.stringify({ items: [{ value: '1', ...item }] }), 42)[0];

test.each([[0, 0], [60, 60], [-1, undefined], [1.5, undefined], ['60', undefined], [2 ** 60, undefined]])('a window of %j is %j', (window, windowSeconds) => {
  expect(read({ window }).windowSeconds).toBe(windowSeconds);
  expect(read({ windowSeconds: window }).windowSeconds).toBe(windowSeconds);
});

test.each([['1970-01-01T00:00:07Z', 7000], ['0001-01-01T00:00:00Z', 42], ['soon', 42], [null, 42]])('a time of %j is %d', (timestamp, timestampMs) => {
  expect(read({ timestamp }).timestampMs).toBe(timestampMs);
});
