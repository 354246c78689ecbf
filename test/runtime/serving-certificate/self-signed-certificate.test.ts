import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../src/runtime/flags/usage-error';
import { KeyPair } from '../../../src/runtime/serving-certificate/key-pair';
import { SelfSignedCertificate } from '../../../src/runtime/serving-certificate/self-signed-certificate';
import { localNames } from '../../../src/runtime/serving-certificate/serving-names';
import { until } from '../cluster/fake-api-server';
import { RecordingLogger } from '../cluster/fixtures';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';

const DAY_MS = 86_400_000;

let dir: TempDir;
let clock: ManualClock;
let logger: RecordingLogger;
let sources: SelfSignedCertificate[];

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  logger = new RecordingLogger();
  sources = [];
});

afterEach(() => {
  sources.forEach((source) => source.stop());
  dir.remove();
});

/** What a process serves that starts with this directory; later certificates are added. */
async function start(directory = join(dir.path, 'certificates'), bindAddress = '0.0.0.0'): Promise<KeyPair[]> {
  const served: KeyPair[] = [];
  const source = new SelfSignedCertificate({ directory, names: localNames(bindAddress), clock, logger });
  sources.push(source);
  await source.start((pair) => served.push(pair));
  return served;
}

/** A few days before a third of the certificate's life is left. */
async function startWithOldCertificate(): Promise<KeyPair[]> {
  await start();
  sources.forEach((source) => source.stop());
  clock.advance(240 * DAY_MS);
  return start();
}

function read(name: string): string {
  return readFileSync(join(dir.path, 'certificates', name), 'utf8');
}

test('is kept in a directory that is made, its key readable by nobody else', async () => {
  const [pair] = await start();
  expect(pair).toEqual({ certificate: read('apiserver.crt'), key: read('apiserver.key') });
  // eslint-disable-next-line no-bitwise
  const mode = (name: string) => statSync(join(dir.path, 'certificates', name)).mode & 0o777;
  expect(mode('apiserver.key')).toBe(0o600);
  expect(mode('apiserver.crt')).toBe(0o644);
  expect(new X509Certificate(pair.certificate).subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
});

test('is taken up by the next process', async () => {
  expect(await start()).toEqual(await start());
});

test.each([
  ['has expired', () => clock.advance(366 * DAY_MS)],
  ['cannot be read', () => dir.write('certificates/apiserver.crt', 'garbage')],
  ['has lost its key', () => dir.remove('certificates/apiserver.key')],
])('is made anew when it %s', async (_why, spoil) => {
  const [old] = await start();
  sources.forEach((source) => source.stop());
  spoil();
  const [renewed] = await start();
  expect(renewed.certificate).not.toBe(old.certificate);
  expect(renewed.certificate).toBe(read('apiserver.crt'));
});

test('is made anew for another address', async () => {
  const [old] = await start();
  const [renewed] = await start(undefined, '192.0.2.1');
  expect(renewed.certificate).not.toBe(old.certificate);
  expect(new X509Certificate(renewed.certificate).checkIP('192.0.2.1')).toBe('192.0.2.1');
});

test('is replaced in time while it is served', async () => {
  const served = await startWithOldCertificate();
  clock.advance(10 * DAY_MS);
  await until(() => clock.pending === 1);
  expect(served).toHaveLength(2);
  expect(Date.parse(new X509Certificate(served[0].certificate).validTo) - clock.now()).toBeGreaterThan(100 * DAY_MS);
  expect(served[1].certificate).toBe(read('apiserver.crt'));
});

test('stays in use when its successor cannot be written', async () => {
  const served = await startWithOldCertificate();
  dir.remove('certificates');
  dir.write('certificates', 'a file where the directory was');
  clock.advance(10 * DAY_MS);
  await until(() => clock.pending === 1);
  expect(served).toHaveLength(1);
  expect(logger.lines).toEqual([expect.stringMatching(/^W Keeping the serving certificate in use reason=--cert-dir=/)]);
});

test.each([
  ['below a file', () => join(dir.write('file', ''), 'certificates'), 'ENOTDIR'],
  // Where Node.js itself would try for ever.
  ['below /proc', () => '/proc/nothing/certificates', 'ENOENT'],
])('cannot be served with when the directory cannot be written: one line names the flag, %s', async (_where, directory, code) => {
  const started = start(directory());
  await expect(started).rejects.toBeInstanceOf(UsageError);
  await expect(started).rejects.toThrow(new RegExp(`^--cert-dir=${directory()} cannot be written \\(${code}\\); pass a directory that can$`));
});
