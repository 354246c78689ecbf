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
  const check = { name: 'metric-storage-ready', check: () => reason };
  health = new HealthEndpoints({ livez: [], readyz: [check], healthz: [check] }, { name: 'shutdown', check: () => undefined }, logger);
});

const get = (path: string, query = '') => health.reply(path, new URLSearchParams(query));

test('a failing check is named, its reason is not', () => {
  reason = 'node-a has no metrics';
  expect(get('/readyz')).toMatchObject({
    status: 500,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: '[+]ping ok\n[+]log ok\n[+]poststarthook/max-in-flight-filter ok\n[+]poststarthook/storage-object-count-tracker-hook ok\n'
      + '[-]metric-storage-ready failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n',
  });
  expect(get('/readyz/metric-storage-ready')).toMatchObject({ status: 500, body: 'internal server error: reason withheld\n' });
  expect(get('/livez')).toMatchObject({ status: 200, body: 'ok' });
});

test('it can be excluded, and what does not exist is told', () => {
  reason = 'none';
  expect(get('/readyz', 'exclude=metric-storage-ready')).toMatchObject({ status: 200, body: 'ok' });
  expect(get('/livez', 'verbose&exclude=x')?.body).toContain('warn: some health checks cannot be excluded: no matches for "x"\nlivez check passed\n');
});

test('a silent check has a line only while it fails, and no path among the others', () => {
  const silent = { name: 'serving-certificate-ready', silent: true, check: () => reason };
  health = new HealthEndpoints({ livez: [], readyz: [silent], healthz: [] }, { name: 'shutdown', check: () => undefined }, silentLogger);
  expect(get('/readyz', 'verbose')?.body).not.toContain('serving-certificate');
  expect(get('/readyz/serving-certificate-ready')).toMatchObject({ status: 200, body: 'ok' });
  expect(health.paths.filter((path) => path.includes('serving-certificate'))).toEqual([]);
  reason = 'no Secret';
  expect(get('/readyz')).toMatchObject({ status: 500, body: expect.stringContaining('[-]serving-certificate-ready failed: reason withheld\n[+]shutdown ok\n') as string });
  expect(get('/readyz/serving-certificate-ready')?.status).toBe(500);
  expect(get('/readyz', 'exclude=serving-certificate-ready')?.status).toBe(200);
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
