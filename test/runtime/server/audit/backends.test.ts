import { auditEvent, RecordingBackend } from './events';
import { Batching, BatchingOptions } from '../../../../src/runtime/server/audit/batching';
import { legacyLine } from '../../../../src/runtime/server/audit/legacy-line';
import { Truncation } from '../../../../src/runtime/server/audit/truncation';
import { WebhookBackend } from '../../../../src/runtime/server/audit/webhook-backend';
import { ManualClock } from '../../manual-clock';

let clock: ManualClock;
let next: RecordingBackend;

beforeEach(() => {
  clock = new ManualClock();
  next = new RecordingBackend();
});

const event = auditEvent();
const settled = () => new Promise(setImmediate);
const sizes = () => next.batches.map(({ length }) => length);

test('the legacy form is one line', () => {
  expect(legacyLine(auditEvent({ sourceIPs: ['10.0.0.1', '10.0.0.2'], userAgent: 'kubectl', objectRef: { namespace: 'lab' }, responseStatus: { code: 200 } })))
    .toBe('2026-01-01T00:00:00.12Z AUDIT: id="id" stage="ResponseComplete" ip="10.0.0.1" method="get" user="alice" groups="\\"devs\\",\\"a\\\\\\"b\\""'
      + ' as="<self>" asgroups="<lookup>" user-agent="kubectl" namespace="lab" uri="/apis" response="200"');
  expect(legacyLine(auditEvent({ user: {}, requestURI: '/a\nb' })))
    .toMatch(/ ip="<unknown>" method="get" user="<none>" groups="<none>" .* namespace="<none>" uri="\/a\\nb" response="<deferred>"$/);
});

describe('truncation', () => {
  const large = auditEvent({ level: 'RequestResponse', responseObject: 'x'.repeat(1000) });

  test('an event that is too large loses its response, and says so', async () => {
    await new Truncation(next, { maxEventBytes: 600, maxBatchBytes: 10_000 }).write([large, event]);
    const { responseObject, ...rest } = large;
    expect(next.batches).toEqual([[{ ...rest, annotations: { 'audit.k8s.io/truncated': 'true' } }, event]]);
  });

  test('it keeps its other annotations', async () => {
    const annotations = { 'authorization.k8s.io/decision': 'allow' };
    await new Truncation(next, { maxEventBytes: 600, maxBatchBytes: 10_000 }).write([{ ...large, annotations }]);
    expect(next.batches[0][0].annotations).toEqual({ ...annotations, 'audit.k8s.io/truncated': 'true' });
  });

  test('one that is too large without its response too is lost', async () => {
    const truncation = new Truncation(next, { maxEventBytes: 600, maxBatchBytes: 10_000 });
    await expect(truncation.write([{ ...large, requestURI: 'x'.repeat(1000) }])).rejects.toThrow('1 audit events are too large');
    expect(next.batches).toEqual([]);
  });

  test('bytes count, not characters', async () => {
    const umlauts = auditEvent({ requestURI: 'ü'.repeat(100) });
    const truncation = new Truncation(next, { maxEventBytes: JSON.stringify(umlauts).length + 99, maxBatchBytes: 10_000 });
    await expect(truncation.write([umlauts])).rejects.toThrow('too large');
  });

  test('one that is too large even so is lost, others are not', async () => {
    const truncation = new Truncation(next, { maxEventBytes: 600, maxBatchBytes: 10_000 });
    await expect(truncation.write([auditEvent({ requestURI: 'x'.repeat(1000) }), event])).rejects.toThrow('1 audit events are too large');
    expect(next.batches).toEqual([[event]]);
  });

  test('a batch that is too large is split', async () => {
    const bytes = JSON.stringify(event).length;
    await new Truncation(next, { maxEventBytes: bytes, maxBatchBytes: 2 * bytes }).write([event, event, event]);
    expect(sizes()).toEqual([2, 1]);
  });
});

describe('batches', () => {
  const lost: unknown[] = [];
  const batching = (options: Partial<BatchingOptions> = {}) => (
    new Batching(next, { bufferSize: 5, maxBatchSize: 2, maxWaitMs: 30_000, clock, onLost: (error) => lost.push(error), ...options })
  );

  test('end their waiting when nothing is left', async () => {
    const batches = batching();
    await batches.write([event]);
    await batches.write([event]);
    await settled();
    expect([sizes(), clock.pending]).toEqual([[2], 0]);
  });

  test('go when they are full', async () => {
    const batches = batching();
    await batches.write([event, event, event]);
    await settled();
    expect(sizes()).toEqual([2]);
  });

  test('go after their time when they are not', async () => {
    await batching().write([event]);
    clock.advance(29_999);
    expect(sizes()).toEqual([]);
    clock.advance(1);
    await settled();
    expect(sizes()).toEqual([1]);
  });

  test('what the buffer does not hold is lost, which is said', async () => {
    const batches = batching({ maxBatchSize: 10 });
    await batches.write([event, event, event]);
    await expect(batches.write([event, event, event])).rejects.toThrow('the buffer of 5 audit events is full');
    clock.advance(30_000);
    await settled();
    expect(sizes()).toEqual([5]);
  });

  test('throttled, no more go than may', async () => {
    await batching({ maxBatchSize: 1, throttle: { perSecond: 2, burst: 2 } }).write([event, event, event, event]);
    await settled();
    expect(sizes()).toHaveLength(2);
    clock.advance(499);
    await settled();
    expect(sizes()).toHaveLength(2);
    clock.advance(1);
    await settled();
    expect(sizes()).toHaveLength(3);
    clock.advance(500);
    await settled();
    expect(sizes()).toHaveLength(4);
  });

  test('throttled, a pause allows no more than the burst', async () => {
    const batches = batching({ maxBatchSize: 1, throttle: { perSecond: 2, burst: 2 } });
    clock.advance(60_000);
    await batches.write([event, event, event, event]);
    await settled();
    expect(sizes()).toHaveLength(2);
  });

  test('go one after the other, and the end waits for the one that is being written', async () => {
    const batches = batching({ maxBatchSize: 1 });
    const slow = next.pause();
    await batches.write([event]);
    await batches.write([event]);
    await settled();
    expect(next.begun).toBe(1);
    const closed = batches.close();
    await settled();
    expect([next.begun, next.closed]).toEqual([1, false]);
    slow();
    await closed;
    expect([sizes(), next.closed]).toEqual([[1, 1], true]);
  });

  test('what fails is told, and the next one goes', async () => {
    const batches = batching({ maxBatchSize: 1 });
    next.failure = new Error('disk full');
    await batches.write([event]);
    await settled();
    expect(lost).toEqual([next.failure]);
    next.failure = undefined;
    await batches.write([event]);
    await settled();
    expect(sizes()).toEqual([1]);
  });

  test('what waits goes at the end', async () => {
    const batches = batching();
    await batches.write([event]);
    await batches.close();
    expect([sizes(), next.closed, clock.pending]).toEqual([[1], true, 0]);
  });

  test('what comes after the end is lost, which is said', async () => {
    const batches = batching();
    await batches.close();
    await expect(batches.write([event])).rejects.toThrow('the server has ended');
  });
});

describe('a webhook', () => {
  let posted: { kind: string; items: unknown[] }[];
  let failures: number;
  const webhook = (random = () => 0) => new WebhookBackend({
    initialBackoffMs: 10_000,
    clock,
    random,
    post: async (list, signal) => {
      signal.throwIfAborted();
      posted.push(list as typeof posted[number]);
      if (failures-- > 0) throw new Error('refused');
    },
  });

  beforeEach(() => {
    posted = [];
    failures = 0;
  });

  test('is sent a list', async () => {
    await webhook().write([event]);
    expect(posted).toEqual([{ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items: [event] }]);
  });

  test('is tried five times, ever later', async () => {
    failures = 5;
    const written = webhook().write([event]).then(() => 'kept', () => 'lost');
    for (const delayMs of [10_000, 15_000, 22_500, 33_750]) {
      await settled();
      const before = posted.length;
      clock.advance(delayMs - 1);
      await settled();
      expect(posted).toHaveLength(before);
      clock.advance(1);
    }
    expect(await written).toBe('lost');
    expect(posted).toHaveLength(5);
  });

  test('is tried again a little earlier by chance, so that replicas do not come together', async () => {
    failures = 1;
    void webhook(() => 1).write([event]);
    await settled();
    clock.advance(7_999);
    await settled();
    expect(posted).toHaveLength(1);
    clock.advance(1);
    await settled();
    expect(posted).toHaveLength(2);
  });

  test('that is closed leaves nothing behind', async () => {
    const backend = webhook();
    backend.hurry();
    await backend.close();
    expect(clock.pending).toBe(0);
  });

  test('at the end is tried once more, and not for long', async () => {
    failures = 9;
    const backend = webhook();
    const written = backend.write([event]).catch((error: Error) => error.message);
    await settled();
    backend.hurry();
    expect(await written).toBe('refused');
    expect(posted).toHaveLength(2);
    clock.advance(3_000);
    await expect(backend.write([event])).rejects.toThrow('the server ends');
  });
});
