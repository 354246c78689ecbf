import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';
import { until } from '../cluster/fake-api-server';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

let bench: Workbench;
let webhook: ScriptedCluster;
let runtime: RuntimeProcess;
let logFile: string;
let started = 0;

beforeAll(async () => {
  bench = new Workbench();
  webhook = await ScriptedCluster.start();
});

afterEach(() => { webhook.asked.length = 0; });

afterAll(async () => {
  await bench.remove();
  await webhook.stop();
});

/** One event for each request, when it is answered. */
const policy = (rule = 'level: Metadata, omitStages: [RequestReceived]') => (
  `--audit-policy-file=${bench.write('policy.yaml', `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{${rule}}]\n`)}`
);
const toFile = () => `--audit-log-path=${logFile}`;
const toWebhook = () => `--audit-webhook-config-file=${bench.write('webhook.kubeconfig', webhook.kubeconfig('audit'))}`;

beforeEach(() => { logFile = bench.path(`audit-${++started}.log`); });

async function start(...flags: readonly string[]): Promise<void> {
  runtime = await bench.runAdjustable(...bench.flags(await freePort()), ...flags).serving();
}

/** One after the other. */
async function ask(times: number, path = '/livez'): Promise<void> {
  for (let time = 0; time < times; time++) await runtime.get(path);
}

const lines = () => existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').filter(Boolean) : [];
/** Numbers of events, by batch. */
const batches = () => webhook.asked.map(({ body }) => body.items.length);
/** In which what should not happen would. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('to a file', () => {
  test('--audit-policy-file, --audit-log-path, --audit-log-version: what the policy chooses is written there, of that version', async () => {
    await start(policy('level: Metadata, omitStages: [RequestReceived], nonResourceURLs: ["/livez"]'), toFile(), '--audit-log-version=audit.k8s.io/v1');
    await ask(1, '/healthz');
    await ask(1);
    await until(() => lines().length > 0);
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([{ apiVersion: 'audit.k8s.io/v1', requestURI: '/livez' }]);
  });

  test('--audit-log-version, --audit-webhook-version: there is no other', async () => {
    for (const flag of ['--audit-log-version', '--audit-webhook-version']) {
      const refused = bench.run(`${flag}=audit.k8s.io/v1beta1`);
      expect(await refused.exitCode).toBe(2);
      expect(refused.lines).toEqual([`Error: unknown ${flag} "audit.k8s.io/v1beta1"; allowed is audit.k8s.io/v1`]);
    }
  });

  test('--audit-log-format: legacy is no JSON', async () => {
    await start(policy(), toFile(), '--audit-log-format=legacy');
    await ask(1);
    await until(() => lines().length > 0);
    expect(lines()[0]).toMatch(/ AUDIT: id="[\w-]+" stage="ResponseComplete" /);
  });

  /** Backups of 10 days ago, of yesterday and of an hour ago. */
  function backups(): string[] {
    return [10 * 24, 24, 1].map((hours) => {
      const time = new Date(Date.now() - hours * 60 * MINUTE_MS).toISOString().replaceAll(':', '-').replace('Z', '');
      const file = logFile.replace('.log', `-${time}.log`);
      bench.write(file.slice(bench.directory.length + 1), 'backup\n');
      return file;
    });
  }

  const setAside = () => readdirSync(bench.directory).filter((file) => file.startsWith(`audit-${started}-`)).length;

  test('--audit-log-maxsize, --audit-log-maxage, --audit-log-compress: what is full is set aside and zipped, what is old is removed', async () => {
    const [old, ...others] = backups();
    bench.write(`audit-${started}.log`, `${'x'.repeat(MIB)}\n`);
    await start(policy(), toFile(), '--audit-log-maxsize=1', '--audit-log-maxage=3', '--audit-log-compress');
    await ask(1);
    await until(() => lines().length === 1 && others.every((file) => existsSync(`${file}.gz`)) && !existsSync(old));
    await until(() => readdirSync(bench.directory).filter((file) => file.startsWith(`audit-${started}-`) && file.endsWith('.log.gz')).length === 3 && setAside() === 3);
  });

  test('--audit-log-maxbackup: so many are kept', async () => {
    backups();
    bench.write(`audit-${started}.log`, `${'x'.repeat(MIB)}\n`);
    await start(policy(), toFile(), '--audit-log-maxsize=1', '--audit-log-maxbackup=2');
    await ask(1);
    await until(() => lines().length === 1 && setAside() === 2);
  });

  test('--audit-log-mode, --audit-log-batch-max-size, --audit-log-batch-max-wait: events wait for a batch, and no longer than that', async () => {
    await start(policy(), toFile(), '--audit-log-mode=batch', '--audit-log-batch-max-size=3', '--audit-log-batch-max-wait=30m');
    await ask(2);
    await pause();
    expect(lines()).toEqual([]);
    await ask(1);
    await until(() => lines().length === 3);
    await ask(1);
    await runtime.advance(29 * MINUTE_MS);
    await pause();
    expect(lines()).toHaveLength(3);
    await runtime.advance(2 * MINUTE_MS);
    await until(() => lines().length === 4);
  });

  test('--audit-log-batch-throttle-enable, --audit-log-batch-throttle-qps, --audit-log-batch-throttle-burst, --audit-log-batch-buffer-size: '
    + 'no more batches than may, and no more events than can wait', async () => {
    await start(
      policy(), toFile(), '--audit-log-mode=batch', '--audit-log-batch-throttle-enable', '--audit-log-batch-throttle-qps=.001', '--audit-log-batch-throttle-burst=2',
      '--audit-log-batch-buffer-size=3',
    );
    await ask(6);
    await runtime.said('the buffer of 3 audit events is full');
    await until(() => lines().length === 2);
    await pause();
    expect(lines()).toHaveLength(2);
    await runtime.advance(1_000_000);
    await until(() => lines().length === 3);
  });

  test('--audit-log-truncate-enabled, --audit-log-truncate-max-event-size, --audit-log-truncate-max-batch-size: '
    + 'an event that is larger is lost, and a batch that is larger goes in parts', async () => {
    // There is room for one of two events, by which the file would be set aside before a batch in one part.
    bench.write(`audit-${started}.log`, `${'x'.repeat(MIB - 45_000)}\n`);
    await start(
      policy('level: Metadata'), toFile(), '--audit-log-maxsize=1', '--audit-log-mode=batch', '--audit-log-batch-max-size=2',
      '--audit-log-truncate-enabled', '--audit-log-truncate-max-event-size=40000', '--audit-log-truncate-max-batch-size=40000',
    );
    await ask(1, `/livez?${'x'.repeat(30_000)}`);
    await until(() => setAside() === 1 && lines().length === 1);
    expect(JSON.parse(lines()[0])).toMatchObject({ stage: 'ResponseComplete' });
    await ask(1, `/livez?${'x'.repeat(50_000)}`);
    await runtime.said('2 audit events are too large');
  });
});

describe('to a webhook', () => {
  test('--audit-webhook-config-file, --audit-webhook-version, --audit-webhook-batch-max-size, --audit-webhook-batch-max-wait: in batches, and no later than that', async () => {
    await start(policy(), toWebhook(), '--audit-webhook-version=audit.k8s.io/v1', '--audit-webhook-batch-max-size=2', '--audit-webhook-batch-max-wait=30m');
    await ask(3);
    await until(() => batches().length === 1);
    expect(webhook.asked[0]).toMatchObject({ by: 'audit', method: 'POST', body: { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [{}, {}] } });
    await runtime.advance(29 * MINUTE_MS);
    await pause();
    expect(batches()).toEqual([2]);
    await runtime.advance(2 * MINUTE_MS);
    await until(() => batches().join() === '2,1');
  });

  test('--audit-webhook-batch-throttle-qps, --audit-webhook-batch-throttle-burst, --audit-webhook-batch-buffer-size: '
    + 'no more batches than may, and no more events than can wait', async () => {
    await start(
      policy(), toWebhook(), '--audit-webhook-batch-max-size=1', '--audit-webhook-batch-throttle-qps=.001', '--audit-webhook-batch-throttle-burst=2',
      '--audit-webhook-batch-buffer-size=3',
    );
    await ask(6);
    await runtime.said('the buffer of 3 audit events is full');
    expect(batches()).toEqual([1, 1]);
    await runtime.advance(1_000_000);
    await until(() => batches().length === 3);
  });

  test('--audit-webhook-batch-throttle-enable: as many as there are', async () => {
    await start(
      policy(), toWebhook(), '--audit-webhook-batch-max-size=1', '--audit-webhook-batch-throttle-qps=.001', '--audit-webhook-batch-throttle-burst=1',
      '--audit-webhook-batch-throttle-enable=false',
    );
    await ask(3);
    await until(() => batches().length === 3);
  });

  test('--audit-webhook-mode, --audit-webhook-truncate-enabled, --audit-webhook-truncate-max-event-size: '
    + 'each event at once; one that is larger is lost', async () => {
    await start(
      policy(), toWebhook(), '--audit-webhook-mode=blocking', '--audit-webhook-truncate-enabled', '--audit-webhook-truncate-max-event-size=40000',
    );
    await ask(1, `/livez?${'x'.repeat(30_000)}`);
    await until(() => batches().length === 1);
    await ask(1, `/livez?${'x'.repeat(50_000)}`);
    await runtime.said('1 audit events are too large');
  });

  test('--audit-webhook-truncate-max-batch-size: a batch that is larger goes in parts', async () => {
    await start(
      policy(), toWebhook(), '--audit-webhook-batch-max-size=2', '--audit-webhook-truncate-enabled',
      '--audit-webhook-truncate-max-event-size=1000', '--audit-webhook-truncate-max-batch-size=1000',
    );
    await ask(2);
    await until(() => batches().join() === '1,1');
  });

  test('--audit-webhook-initial-backoff: what did not arrive is sent again after that', async () => {
    webhook.isBroken = true;
    await start(policy(), toWebhook(), '--audit-webhook-mode=blocking', '--audit-webhook-initial-backoff=30m');
    void ask(1);
    await until(() => batches().length === 1);
    webhook.isBroken = false;
    await pause();
    // Chance takes a fifth of it away at most.
    await runtime.advance(23 * MINUTE_MS);
    await pause();
    expect(batches()).toHaveLength(1);
    await runtime.advance(10 * MINUTE_MS);
    await until(() => batches().length === 2);
  });
});
