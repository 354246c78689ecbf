import { HealthEndpoints } from '../../../src/runtime/server/health';
import { Logger, silentLogger } from '../../../src/runtime/telemetry/logger';

let reason: string | undefined;
let logged: string[];
let health: HealthEndpoints;

beforeEach(() => {
  reason = undefined;
  logged = [];
  const log = (message: string, fields?: object) => { logged.push(`${message} ${JSON.stringify(fields)}`); };
  const logger: Logger = { info: log, warn: log, error: log, verbose: () => {} };
  const check = { name: 'metric-storage-ready', told: 'no metrics to serve', check: () => reason };
  health = new HealthEndpoints({ livez: [], readyz: [check], healthz: [check] }, { name: 'shutdown', check: () => undefined }, logger);
});

const get = (path: string, query = '') => health.reply(path, new URLSearchParams(query));

test('a failing check is named, and its own path tells what may be told; its reason is told nowhere', () => {
  reason = 'node-a has no metrics';
  expect(get('/readyz')).toMatchObject({
    status: 500,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: '[+]ping ok\n[+]log ok\n[+]poststarthook/max-in-flight-filter ok\n[+]poststarthook/storage-object-count-tracker-hook ok\n'
      + '[-]metric-storage-ready failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n',
  });
  expect(get('/readyz/metric-storage-ready')).toMatchObject({ status: 500, body: 'internal server error: no metrics to serve\n' });
  expect(get('/livez')).toMatchObject({ status: 200, body: 'ok' });
});

test('it can be excluded, and what does not exist is told', () => {
  reason = 'none';
  expect(get('/readyz', 'exclude=metric-storage-ready')).toMatchObject({ status: 200, body: 'ok' });
  expect(get('/livez', 'verbose&exclude=x')?.body).toContain('warn: some health checks cannot be excluded: no matches for "x"\nlivez check passed\n');
  expect(get('/livez', 'verbose&exclude=%01')?.body).toContain('no matches for "\\x01"\n');
});

test('a silent check has a line only while it fails, and no path among the others', () => {
  const silent = { name: 'serving-certificate-ready', silent: true, check: () => reason };
  health = new HealthEndpoints({ livez: [], readyz: [silent], healthz: [] }, { name: 'shutdown', check: () => undefined }, silentLogger);
  expect(get('/readyz', 'verbose')?.body).not.toContain('serving-certificate');
  expect(get('/readyz/serving-certificate-ready')).toMatchObject({ status: 200, body: 'ok' });
  expect(health.paths.filter((path) => path.includes('serving-certificate'))).toEqual([]);
  reason = 'no Secret';
  expect(get('/readyz')).toMatchObject({ status: 500, body: expect.stringContaining('[-]serving-certificate-ready failed: reason withheld\n[+]shutdown ok\n') as string });
  expect(get('/readyz/serving-certificate-ready')).toMatchObject({ status: 500, body: 'internal server error: reason withheld\n' });
  expect(get('/readyz', 'exclude=serving-certificate-ready')?.status).toBe(200);
});

test('a check that logs its reasons itself is not told of a second time', () => {
  const lines: string[] = [];
  const log = (message: string) => { lines.push(message); };
  const own = { name: 'serving-certificate-ready', silent: true, logsItself: true, check: () => reason };
  health = new HealthEndpoints({ livez: [], readyz: [own], healthz: [] }, { name: 'shutdown', check: () => undefined }, { info: log, warn: log, error: log, verbose: () => {} });
  reason = 'Secret kube-system/s does not exist';
  expect(get('/readyz')?.status).toBe(500);
  reason = undefined;
  expect(get('/readyz')?.status).toBe(200);
  expect(lines).toEqual([]);
});

test('in its time of grace /livez passes, and nothing is logged of it', () => {
  let startsUp = true;
  reason = 'no cycle has begun';
  const check = { name: 'metric-collection-timely', check: () => reason };
  const silent = { name: 'audit', silent: true, check: () => reason };
  const log = { ...silentLogger, error: (message: string) => { logged.push(message); } };
  health = new HealthEndpoints({ livez: [check, silent], readyz: [check], healthz: [] }, { name: 'shutdown', check: () => undefined }, log, () => startsUp);
  expect(get('/livez', 'verbose')).toMatchObject({ status: 200, body: expect.stringMatching(/hook ok\n\[\+\]metric-collection-timely ok\nlivez check passed/) as string });
  expect(get('/livez/metric-collection-timely')?.status).toBe(200);
  expect(logged).toEqual([]);
  expect(get('/readyz')?.status).toBe(500);
  startsUp = false;
  expect(get('/livez')?.status).toBe(500);
});

test('one check that passes does not end what is logged of another of its name', () => {
  const failing = { name: 'metadata-informer-sync', check: () => 'not listed' };
  const passing = { name: 'metadata-informer-sync', check: () => undefined };
  const log = (message: string) => { logged.push(message); };
  health = new HealthEndpoints({ livez: [passing], readyz: [failing], healthz: [] }, { name: 'shutdown', check: () => undefined }, { ...silentLogger, info: log, error: log });
  ['/readyz', '/livez', '/readyz', '/livez'].forEach((path) => get(path));
  expect(logged).toEqual(['Failed probe']);
});

test('the reason is logged when it changes', () => {
  for (const next of ['no metrics', 'no metrics', 'nothing at all', undefined, undefined]) {
    reason = next;
    get('/readyz');
    get('/healthz');
  }
  expect(logged).toEqual([
    'Failed probe {"probe":"metric-storage-ready","err":"no metrics"}',
    'Failed probe {"probe":"metric-storage-ready","err":"nothing at all"}',
    'Probe recovered {"probe":"metric-storage-ready"}',
  ]);
});

test('unknown checks and paths', () => {
  for (const path of ['/readyz/x', '/readyz/', '/readyzz', '/constructor', '/']) expect(get(path)).toBeUndefined();
});
