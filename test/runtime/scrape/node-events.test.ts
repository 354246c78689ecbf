import { nodeEvents } from '../../../src/runtime/scrape/node-events';
import { ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { ManualClock } from '../manual-clock';

const OUTCOME: ScrapeOutcome = { node: 'node-1', address: '10.0.0.1:10250', startedMs: 0, durationMs: 1, failure: undefined };
const FAILED: ScrapeOutcome = { ...OUTCOME, failure: { reason: 'refused', message: 'nothing listens there' } };

let written: any[];
let answer: Promise<unknown>;

function tell(...outcomes: ScrapeOutcome[]): void {
  const client = { create: async (path: string, body: unknown) => { written.push({ path, body }); return answer; } };
  const onChange = nodeEvents({ client, clock: new ManualClock(), random: () => 0.5, logger: silentLogger });
  outcomes.forEach(onChange);
}

beforeEach(() => {
  written = [];
  answer = Promise.resolve();
});

test('a failure is a warning about the node, where Events of nodes are', () => {
  tell(FAILED);
  expect(written).toEqual([{
    path: '/apis/events.k8s.io/v1/namespaces/default/events',
    body: expect.objectContaining({
      metadata: { namespace: 'default', name: expect.stringMatching(/^node-1\.[0-9a-f]+$/) },
      eventTime: '2026-01-01T00:00:00.000000Z',
      type: 'Warning',
      reason: 'MetricsScrapeFailed',
      note: 'refused at 10.0.0.1:10250: nothing listens there',
      regarding: { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'node-1' },
    }),
  }]);
});

test('a recovery is normal', () => {
  tell(OUTCOME);
  expect(written[0].body).toMatchObject({ type: 'Normal', reason: 'MetricsScrapeRecovered', note: 'Metrics are read again at 10.0.0.1:10250' });
});

test('a note is as long as Kubernetes lets it be', () => {
  tell({ ...FAILED, failure: { reason: 'parse', message: 'x'.repeat(5000) } });
  expect(written[0].body.note).toHaveLength(1024);
});

test('when thousands of nodes fail at once, only the first few are told', () => {
  answer = new Promise(() => {});
  tell(...Array<ScrapeOutcome>(5000).fill(FAILED));
  expect(written).toHaveLength(25);
});

test('one that cannot be written harms nobody', async () => {
  answer = Promise.reject(new Error('forbidden'));
  tell(FAILED);
  await expect(answer).rejects.toThrow();
});
