import { SourceError, SourceFailureReason } from '../../../src/runtime/prometheus/source-error';
import { SourceOutcomes } from '../../../src/runtime/prometheus/source-outcomes';
import { LogFields } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';

describe('the log tells of a source', () => {
  const clock = new ManualClock();
  let lines: [message: string, fields: LogFields][];
  let registry: MetricRegistry;
  let outcomes: SourceOutcomes;
  const line = (message: string, fields: LogFields = {}) => { lines.push([message, fields]); };
  const told = () => lines.splice(0);
  const answer = (source: string, asked = 'query: up') => outcomes.observed(source, asked, async () => 1);
  const fail = (source: string, reason: SourceFailureReason, asked = 'query: up', code?: number) => (
    outcomes.observed(source, asked, () => Promise.reject(new SourceError(source, reason, 'no', asked, code))).catch(() => undefined)
  );

  beforeEach(() => {
    lines = [];
    registry = new MetricRegistry();
    outcomes = new SourceOutcomes(registry, clock, { info: line, warn: line, error: line, verbose: () => {} });
  });

  test('when it begins to fail and when it answers again, with how often it failed, and nothing in between', async () => {
    await answer('main');
    await fail('main', 'unavailable', 'query: up', 503);
    await fail('main', 'unavailable', 'query: sum(up)', 503);
    expect(told()).toEqual([]);
    await fail('main', 'unavailable', 'query: up', 503);
    await fail('main', 'unavailable', 'query: sum(up)', 503);
    await fail('other', 'timeout');
    expect(told()).toEqual([
      ['Source does not answer', { source: 'main', reason: 'unavailable', code: 503, err: 'source main: HTTP 503: no; query: up', sourcesFailing: 1 }],
      ['Source does not answer', { source: 'other', reason: 'timeout', err: 'source other: no; query: up', sourcesFailing: 2 }],
    ]);
    await answer('main');
    expect(told()).toEqual([['Source answers again', { source: 'main', failures: 4, sourcesFailing: 1 }]]);
  });

  test('that is no Prometheus', async () => {
    await fail('main', 'protocol');
    expect(told()).toMatchObject([['Source does not answer', { reason: 'protocol' }]]);
    expect(registry.render()).toContain('metrics_server_metric_source_up{source="main"} 0\n');
  });

  test('when it fails for another reason', async () => {
    await fail('main', 'unavailable', 'query: up', 503);
    await fail('main', 'unauthorized', 'query: up', 401);
    expect(told().map(([, { reason, code }]) => [reason, code])).toEqual([['unavailable', 503], ['unauthorized', 401]]);
  });

  test('nothing while it answers other questions than one that takes it too long, of which it tells once', async () => {
    for (let round = 0; round < 10; round++) {
      await answer('main');
      await Promise.all(Array.from({ length: 4 }, () => outcomes.observed('main', 'query: slow', async () => {
        await answer('main');
        throw new SourceError('main', 'timeout', 'no', 'query: slow');
      }).catch(() => undefined)));
      await fail('main', 'query-timeout', 'query: slower', 503);
      expect(registry.render()).toContain('metrics_server_metric_source_up{source="main"} 1\n');
    }
    await answer('main', 'query: slow');
    expect(told()).toEqual([
      ['Source does not answer a question', { source: 'main', reason: 'timeout', err: 'source main: no; query: slow', questionsRefused: 1 }],
      ['Source refuses a question', { source: 'main', reason: 'query-timeout', code: 503, err: 'source main: HTTP 503: no; query: slower', questionsRefused: 2 }],
      ['Source answers the question again', { source: 'main', asked: 'query: slow', failures: 40, questionsRefused: 1 }],
    ]);
  });

  test('when it refuses one question, whatever it answers to others', async () => {
    await fail('main', 'query', 'query: sum(', 400);
    await answer('main');
    await fail('main', 'query', 'query: sum(', 400);
    expect(told()).toEqual([
      ['Source refuses a question', { source: 'main', reason: 'query', code: 400, err: 'source main: HTTP 400: no; query: sum(', questionsRefused: 1 }],
    ]);
    await answer('main', 'query: sum(');
    expect(told()).toEqual([['Source answers the question again', { source: 'main', asked: 'query: sum(', failures: 2, questionsRefused: 0 }]]);
  });

  test('of a hundred questions that it refuses, and of others when those were not asked for ten minutes', async () => {
    for (let i = 0; i < 150; i++) await fail('main', 'query', `query: up{pod="web-${i}"}`, 400);
    expect(told().length).toBe(100);
    clock.advance(600_001);
    await fail('main', 'query', 'query: up{pod="web-150"}', 400);
    expect(told().length).toBe(1);
  });

  test('nothing of what is cancelled', async () => {
    await outcomes.observed('main', 'query: up', () => Promise.reject(new Error('aborted'))).catch(() => undefined);
    expect(told()).toEqual([]);
    expect(registry.render()).not.toContain('metrics_server_metric_source_up{');
  });

  test('nothing in the metric of a source that it has not asked for ten minutes', async () => {
    await fail('main', 'transport');
    clock.advance(600_001);
    expect(registry.render()).not.toContain('metrics_server_metric_source_up{');
    await answer('main');
    expect(registry.render()).toContain('metrics_server_metric_source_up{source="main"} 1\n');
  });

  test('beside a metric for each source, as long as the configuration has it', async () => {
    await answer('main');
    await fail('other', 'transport');
    expect(registry.render()).toContain('metrics_server_metric_source_up{source="main"} 1\nmetrics_server_metric_source_up{source="other"} 0\n');
    await fail('other', 'query', 'query: sum(', 400);
    clock.advance(1);
    outcomes.retain(new Set(['other']), clock.monotonic());
    expect(registry.render()).toContain('metrics_server_metric_source_up{source="other"} 1\n');
    expect(registry.render()).not.toContain('source="main"');
    told();
    await fail('other', 'query', 'query: sum(sum(', 400);
    expect(told()).toMatchObject([['Source refuses a question', { questionsRefused: 1 }]]);
  });
});
