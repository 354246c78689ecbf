import { RetryingReviewClient } from '../../../src/runtime/server/review-client';
import { ServerMetrics } from '../../../src/runtime/server/server-metrics';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';

test('each attempt at a review counts, under the code of its answer', async () => {
  const registry = new MetricRegistry();
  const metrics = new ServerMetrics(registry);
  const clock = new ManualClock();
  const answers = [503, undefined, 201];
  const create = async <T>(): Promise<T> => {
    const code = answers.shift();
    metrics.tokenReviewAnswered(code);
    if (code !== 201) throw Object.assign(new Error('failed'), { code });
    return {} as T;
  };
  const reviewed = new RetryingReviewClient({ create }, clock, () => 0).create('/reviews', {});
  while (answers.length > 0) {
    await new Promise(setImmediate);
    clock.advance(50);
  }
  await reviewed;
  metrics.accessReviewAnswered(201);
  const lines = (await registry.render()).split('\n').filter((line) => line.startsWith('apiserver_delegated')).sort();
  expect(lines).toEqual([
    'apiserver_delegated_authn_request_total{code="201"} 1',
    'apiserver_delegated_authn_request_total{code="503"} 1',
    'apiserver_delegated_authn_request_total{code="<error>"} 1',
    'apiserver_delegated_authz_request_total{code="201"} 1',
  ]);
});
