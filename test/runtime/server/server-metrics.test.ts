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

test('reviews that wait, are under way or are refused are told apart by their kind', async () => {
  const registry = new MetricRegistry();
  const metrics = new ServerMetrics(registry);
  let waiting = 1;
  metrics.followReviews('TokenReview', () => ({ waiting, running: 32 }));
  metrics.followReviews('SubjectAccessReview', () => ({ waiting: 0, running: 0 }));
  metrics.reviewRefused('TokenReview');
  waiting = 100;
  expect(registry.render().split('\n').filter((line) => line.startsWith('metrics_server_reviews'))).toEqual([
    'metrics_server_reviews_in_flight{review="SubjectAccessReview"} 0',
    'metrics_server_reviews_in_flight{review="TokenReview"} 32',
    'metrics_server_reviews_refused_total{review="TokenReview"} 1',
    'metrics_server_reviews_waiting{review="SubjectAccessReview"} 0',
    'metrics_server_reviews_waiting{review="TokenReview"} 100',
  ]);
});
