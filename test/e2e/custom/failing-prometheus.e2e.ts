import { writeFileSync } from 'fs';
import { Adapter, METRICS_ADAPTER } from './adapter';
import { AutoscaledCluster } from './autoscaled-cluster';
import { Guard } from './guard';
import { ScrapedPrometheus } from './scraped-prometheus';
import { eventually } from '../control-plane/eventually';

const MAX_AGE_MS = 8_000;
/** So long that whatever waits ever longer between two attempts does so. */
const OUTAGE_MS = 120_000;
/** Rounds of a second, rounded timestamps, and a busy machine. */
const LENIENCE_MS = 3_000;

function configuration(url: string, guardedUrl: string, tokenFile: string): string {
  return `
sources:
- {name: prometheus, url: "${url}", timeout: 1s}
- {name: guarded, url: "${guardedUrl}", timeout: 1s, bearerTokenFile: "${tokenFile}"}
metrics:
- {name: queue_length, query: queue_length, source: prometheus, refresh: 1s, maxAge: ${MAX_AGE_MS / 1000}s}
- {name: guarded_queue_length, query: queue_length, source: guarded, refresh: 1s, maxAge: ${MAX_AGE_MS / 1000}s}
`;
}

describe('an autoscaler whose metric comes from a Prometheus', () => {
  const prometheus = new ScrapedPrometheus();
  let length: number;
  let guard: Guard;
  let cluster: AutoscaledCluster;
  let adapter: Adapter;

  beforeAll(async () => {
    cluster = await AutoscaledCluster.start();
    await prometheus.start(() => `queue_length ${length}\n`);
    guard = new Guard(prometheus.url, 9092, 'first');
    adapter = new Adapter(METRICS_ADAPTER, cluster.controlPlane, configuration(prometheus.url, guard.url, tokenFile()), []);
    showToken('first');
    await cluster.serve(adapter);
    for (const [name, metric] of [['open', 'queue_length'], ['guarded', 'guarded_queue_length']]) {
      await cluster.autoscale(name, { type: 'External', external: { metric: { name: metric }, target: { type: 'AverageValue', averageValue: '5' } } });
    }
  });

  afterAll(async () => {
    await adapter?.stop();
    guard?.stop();
    await prometheus.stop();
    await cluster?.stop();
  });

  beforeEach(async () => {
    length = 18;
    await Promise.all(['open', 'guarded'].map((name) => cluster.replicasBecome(name, 4)));
    await Promise.all(['open', 'guarded'].map((name) => scaling(name, /^True$/)));
    // What is wrong in a test must not let Deployments shrink.
    length = 1000;
  });

  test('that is down for two minutes: gets what was last good, with its own time, then the reason; and goes on when Prometheus is back', async () => {
    await prometheus.end();
    const endedMs = Date.now();
    while (Date.now() - endedMs < MAX_AGE_MS / 2) {
      const { timestamp } = await value('queue_length');
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(endedMs);
      expect(await cluster.scalingActive('open')).toBe('True');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await scaling('open', /source prometheus: connection refused.*; query: queue_length$/);
    expect(Date.now() - endedMs).toBeLessThan(MAX_AGE_MS + LENIENCE_MS + 2_000);
    await expect(value('queue_length')).rejects.toThrow(/ 503 .*source prometheus: connection refused/);
    while (Date.now() - endedMs < OUTAGE_MS) {
      expect(await cluster.scalingActive('open')).toMatch(/source prometheus: connection refused/);
      expect(await cluster.replicas('open')).toBe(4);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
    prometheus.run();
    await scaling('open', /^True$/);
  }, 2 * OUTAGE_MS);

  test('that is slow: the same', async () => {
    prometheus.hang();
    try {
      await scaling('open', /source prometheus: no answer in 1 s.*; query: queue_length$/);
      expect(await cluster.replicas('open')).toBe(4);
    } finally {
      prometheus.goOn();
    }
    await scaling('open', /^True$/);
  });

  test('that gives NaN: is told so, and leaves the Deployment as it is', async () => {
    length = NaN;
    await scaling('open', /source prometheus: it gives NaN for .*; onNaN says what that means; query: queue_length$/);
    expect(await cluster.replicas('open')).toBe(4);
  });

  test('that takes another token: misses nothing when the file has the new one in time, and is told of 401 when it has not', async () => {
    guard.token = 'second';
    showToken('second');
    const changedMs = Date.now();
    await eventually(async () => {
      expect(await cluster.scalingActive('guarded')).toBe('True');
      expect(Date.parse((await value('guarded_queue_length')).timestamp)).toBeGreaterThan(changedMs + MAX_AGE_MS);
    });
    guard.token = 'third';
    await scaling('guarded', /source guarded: HTTP 401: Unauthorized.*; query: queue_length$/);
    expect(await cluster.scalingActive('open')).toBe('True');
    showToken('third');
    await scaling('guarded', /^True$/);
  });

  function scaling(name: string, expected: RegExp): Promise<void> {
    return eventually(async () => expect(await cluster.scalingActive(name)).toMatch(expected)).catch((error) => {
      throw new Error(`${error.message}\n${adapter.tail()}`);
    });
  }

  async function value(metric: string): Promise<{ readonly timestamp: string }> {
    return (await cluster.controlPlane.request('GET', `/apis/external.metrics.k8s.io/v1beta1/namespaces/default/${metric}`)).items[0];
  }

  function tokenFile(): string {
    return cluster.controlPlane.path('token');
  }

  function showToken(token: string): void {
    writeFileSync(tokenFile(), token);
  }
});
