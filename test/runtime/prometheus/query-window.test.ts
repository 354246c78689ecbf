import { queryWindowSeconds } from '../../../src/runtime/prometheus/query-window';

test.each<[string, number | undefined]>([
  ['rate(http_requests_total[2m])', 120],
  ['max_over_time(rate(x[1m])[1h30m:30s])', 5400],
  ['sum(queue_depth)', undefined],
  ['x{label="[5m]"} # [1h]', undefined],
  ['rate(x[30s]) / rate(y[90s])', 90],
])('%s looks over %s seconds', (query, seconds) => {
  expect(queryWindowSeconds(query)).toBe(seconds);
});
