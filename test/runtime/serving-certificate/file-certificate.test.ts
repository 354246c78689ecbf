import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../../../src/runtime/flags/usage-error';
import { FileCertificate } from '../../../src/runtime/serving-certificate/file-certificate';
import { createCertificateAuthority, issueServingCertificate } from '../../../src/runtime/serving-certificate/issue';
import { KeyPair } from '../../../src/runtime/serving-certificate/key-pair';
import { localNames } from '../../../src/runtime/serving-certificate/serving-names';
import * as simulated from '../../simulated-cluster/pki';
import { until } from '../cluster/fake-api-server';
import { RecordingLogger } from '../cluster/fixtures';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';

const POLL_MS = 5_000;

let pairs: KeyPair[];
let dir: TempDir;
let clock: ManualClock;
let logger: RecordingLogger;
let files: FileCertificate;
let served: KeyPair[];

beforeAll(async () => {
  const ca = await createCertificateAuthority('ca', Date.now());
  pairs = await Promise.all([1, 2].map(() => issueServingCertificate(ca, localNames('0.0.0.0'), Date.now())));
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  logger = new RecordingLogger();
  served = [];
  files = new FileCertificate({ certFile: `${dir.path}/tls.crt`, keyFile: `${dir.path}/tls.key`, flags: '--tls-cert-file=a and --tls-private-key-file=b', clock, logger });
});

afterEach(() => {
  files.stop();
  dir.remove();
});

function write({ certificate, key }: Partial<KeyPair>): void {
  if (certificate !== undefined) dir.write('tls.crt', certificate);
  if (key !== undefined) dir.write('tls.key', key);
}

/** Certificates of {@link pairs} are of keys on elliptic curves. */
function keyOfAnotherAlgorithm(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Refuses what a server would refuse. */
function serve(pair: KeyPair): void {
  createSecureContext({ cert: pair.certificate, key: pair.key });
  served.push(pair);
}

/** Looks at the files once more. */
async function poll(): Promise<void> {
  clock.advance(POLL_MS);
  await until(() => clock.pending === 1);
}

test('is served at once, and again only when it has changed', async () => {
  write(pairs[0]);
  await files.start(serve);
  await poll();
  await poll();
  expect(served).toEqual([pairs[0]]);
  write(pairs[1]);
  await poll();
  expect(served).toEqual(pairs);
  expect(logger.lines).toEqual([]);
});

test('is kept while its successor is half written, which is logged once', async () => {
  write(pairs[0]);
  await files.start(serve);
  write({ certificate: pairs[1].certificate });
  await poll();
  await poll();
  await poll();
  expect(served).toEqual([pairs[0]]);
  expect(logger.lines).toEqual([expect.stringMatching(/^W Keeping the serving certificate in use file=\S+ reason=.*key values mismatch/)]);
  write({ key: pairs[1].key });
  await poll();
  expect(served).toEqual(pairs);
});

test('is kept while its key is of another algorithm, which OpenSSL takes, to fail every handshake', async () => {
  write(pairs[0]);
  await files.start(serve);
  write({ key: keyOfAnotherAlgorithm() });
  await poll();
  await poll();
  expect(served).toEqual([pairs[0]]);
  expect(logger.lines).toEqual([expect.stringMatching(/^W Keeping the serving certificate in use .* reason=.*key values mismatch/)]);
  write(pairs[1]);
  await poll();
  expect(served).toEqual(pairs);
});

test('cannot be served with at start when its key is of another algorithm', async () => {
  write({ certificate: pairs[0].certificate, key: keyOfAnotherAlgorithm() });
  await expect(files.start(serve)).rejects.toThrow(/^--tls-cert-file=a and --tls-private-key-file=b cannot be served with \(key values mismatch: .+\); give a .+$/);
  expect(served).toEqual([]);
});

test.each([['both', { certificate: '', key: '' }], ['its key', { key: '' }]])('is kept while %s are truncated, to be written in a moment', async (_which, pair) => {
  write(pairs[0]);
  await files.start(serve);
  write(pair);
  await poll();
  expect(served).toEqual([pairs[0]]);
  expect(logger.lines).toEqual([expect.stringMatching(/^W Keeping the serving certificate in use .* is empty/)]);
  write(pairs[1]);
  await poll();
  expect(served).toEqual(pairs);
});

test('is kept while the files are gone or hold garbage, which is logged once for each', async () => {
  write(pairs[0]);
  await files.start(serve);
  dir.remove('tls.key');
  await poll();
  await poll();
  write({ certificate: 'garbage', key: 'garbage' });
  await poll();
  await poll();
  expect(logger.lines).toEqual([expect.stringContaining('ENOENT'), expect.stringMatching(/PEM|no start line/)]);
  write(pairs[1]);
  await poll();
  expect(served).toEqual(pairs);
  dir.remove('tls.key');
  await poll();
  expect(logger.lines).toHaveLength(3);
});

test.each([
  ['there is none', {}],
  ['it is empty', { certificate: '', key: '' }],
  ['it is garbage', { certificate: 'garbage', key: 'garbage' }],
])('cannot be served with at start when %s: one line names the flags', async (_why, pair) => {
  write(pair);
  const started = files.start(serve);
  await expect(started).rejects.toBeInstanceOf(UsageError);
  await expect(started).rejects.toThrow(/^--tls-cert-file=a and --tls-private-key-file=b cannot be served with \(.+\); give a .+$/);
  expect(clock.pending).toBe(0);
});

test('is not looked at after the end', async () => {
  write(pairs[0]);
  await files.start(serve);
  files.stop();
  write(pairs[1]);
  clock.advance(POLL_MS);
  expect(clock.pending).toBe(0);
  expect(served).toEqual([pairs[0]]);
});

test('one that has expired is served, and said once to have', async () => {
  const expired = await simulated.issueCertificate(await simulated.createCertificateAuthority('ca'), { commonName: 'old', usages: ['server'], notBefore: new Date(0), notAfter: new Date(clock.now() + POLL_MS) });
  write(expired);
  await files.start(serve);
  expect(logger.lines).toEqual([]);
  await poll();
  await poll();
  expect(served).toHaveLength(1);
  expect(logger.lines).toEqual([expect.stringContaining('The serving certificate has expired')]);
  write(pairs[0]);
  await poll();
  expect(served).toHaveLength(2);
  expect(logger.lines).toHaveLength(1);
});
