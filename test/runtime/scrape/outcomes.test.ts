import { ScrapeFailureReason, ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { registerOutcomeMetrics } from '../../../src/runtime/scrape/outcome-metrics';
import { ScrapeOutcomes } from '../../../src/runtime/scrape/outcomes';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';

let outcomes: ScrapeOutcomes;

beforeEach(() => { outcomes = new ScrapeOutcomes(); });

function record(node: string, startedMs: number, reason?: ScrapeFailureReason, address: string | undefined = `${node}:10250`): ScrapeOutcome {
  const outcome = { node, address, startedMs, durationMs: 20, failure: reason && { reason, message: reason } };
  outcomes.record(outcome);
  return outcome;
}

test('a node is known by its last outcome, its last success and the failures since', () => {
  record('a', 1000);
  record('a', 2000, 'refused');
  const last = record('a', 3000, 'timeout');
  expect(outcomes.scrapesOf('a')).toMatchObject({ last, lastSuccessMs: 1000, failures: 2 });
  record('a', 4000);
  expect(outcomes.scrapesOf('a')).toMatchObject({ lastSuccessMs: 4000, failures: 0 });
});

test('attempts are counted by address, of the latest eight', () => {
  record('a', 1, 'refused', 'one:1');
  record('a', 2, undefined, 'two:2');
  record('a', 3, undefined, 'one:1');
  expect(outcomes.scrapesOf('a')?.addresses).toMatchObject([{ address: 'two:2', attempts: 1, failures: 0 }, { address: 'one:1', attempts: 2, failures: 1 }]);
  for (let i = 0; i < 20; i++) record('a', 4 + i, undefined, `address-${i}:1`);
  expect(outcomes.scrapesOf('a')?.addresses.map(({ address }) => address)).toEqual(Array.from({ length: 8 }, (_, i) => `address-${i + 12}:1`));
});

test('what came of the node\'s other addresses counts at them, and not for the node', () => {
  const refused = { address: 'one:1', durationMs: 5, failure: { reason: 'refused', message: '' } } as const;
  outcomes.record({ node: 'a', address: 'two:2', startedMs: 1, durationMs: 20, failure: undefined, otherAttempts: [refused] });
  expect(outcomes.scrapesOf('a')).toMatchObject({
    failures: 0, lastSuccessMs: 1, addresses: [{ address: 'one:1', attempts: 1, failures: 1, last: refused }, { address: 'two:2', attempts: 1, failures: 0 }],
  });
});

test('a node without an address has none', () => {
  outcomes.record({ node: 'a', address: undefined, startedMs: 1, durationMs: 0, failure: { reason: 'no-address', message: '' } });
  expect(outcomes.scrapesOf('a')?.addresses).toEqual([]);
});

test('how many nodes fail is told by reason, without a name', () => {
  expect(outcomes.summary()).toBeUndefined();
  record('a', 1, 'refused');
  record('b', 1, 'refused');
  record('c', 1, 'timeout');
  record('d', 1);
  expect([outcomes.failing, outcomes.summary()]).toEqual([3, '3 of 4 nodes fail: 2 refused, 1 timeout']);
  record('a', 2);
  outcomes.forget('b');
  outcomes.forget('nobody');
  expect([outcomes.failing, outcomes.summary()]).toEqual([1, '1 of 3 nodes fail: 1 timeout']);
});

test('a reason that has gone is served as 0', () => {
  const registry = new MetricRegistry();
  registerOutcomeMetrics(registry, outcomes);
  record('a', 1, 'refused');
  expect(registry.render()).toMatch(/^metrics_server_kubelet_failing_nodes\{reason="refused"\} 1$/m);
  record('a', 2, 'timeout');
  expect(registry.render()).toMatch(/\{reason="refused"\} 0\n.*\{reason="timeout"\} 1\n/);
});
