import { rootCertificates } from 'node:tls';
import { TestAuthority, TestCertificate } from './cluster/certificates';
import { configFor, RecordingLogger } from './cluster/fixtures';
import { TempDir } from './cluster/temp-dir';
import { ManualClock } from './manual-clock';
import { ClusterConfig } from '../../src/runtime/cluster/cluster-config';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { UsageError } from '../../src/runtime/flags/usage-error';
import { kubeletClient } from '../../src/runtime/kubelets';
import * as scrape from '../../src/runtime/scrape/kubelet-client';

let dir: TempDir;
let clock: ManualClock;
let logger: RecordingLogger;
let authority: TestAuthority;
let identities: TestCertificate[];

beforeAll(async () => {
  authority = await TestAuthority.create('kubelets');
  identities = await Promise.all(['old', 'new'].map((name) => authority.issue(name)));
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  logger = new RecordingLogger();
});

afterEach(() => {
  jest.restoreAllMocks();
  dir.remove();
});

const cluster: ClusterConfig = configFor(new URL('https://127.0.0.1:1'), {
  certificateAuthority: () => 'CLUSTER CA',
  credentials: async () => ({ bearerToken: 'cluster-token' }),
});

/** What kubelets are asked with. */
function clientOptions(...flags: readonly string[]): scrape.KubeletClientOptions {
  return clientOptionsIn(cluster, ...flags);
}

function clientOptionsIn(config: ClusterConfig, ...flags: readonly string[]): scrape.KubeletClientOptions {
  const given = jest.spyOn(scrape, 'PooledKubeletClient').mockReturnValue({} as scrape.PooledKubeletClient);
  kubeletClient(optionsFrom(parseFlags(flags)).kubelet, config, clock, logger);
  return given.mock.calls.at(-1)![0];
}

function write({ certificate, key }: TestCertificate): readonly string[] {
  return [`--kubelet-client-certificate=${dir.write('tls.crt', certificate)}`, `--kubelet-client-key=${dir.write('tls.key', key)}`];
}

test('are verified by the cluster CA and shown the cluster\'s identity, unless flags say otherwise', async () => {
  const { tls, credentials } = clientOptions();
  expect(tls).toMatchObject({ insecureSkipVerify: false });
  expect(tls!.certificateAuthority()).toBe('CLUSTER CA');
  expect(await credentials.credentials()).toEqual({ bearerToken: 'cluster-token' });
});

test('--kubelet-insecure-tls verifies nobody', () => {
  expect(clientOptions('--kubelet-insecure-tls').tls).toMatchObject({ insecureSkipVerify: true });
});

test('--kubelet-certificate-authority wins, and is re-read as it rotates', () => {
  const file = dir.write('ca.crt', authority.certificate);
  const { tls } = clientOptions(`--kubelet-certificate-authority=${file}`);
  expect(tls!.certificateAuthority()).toBe(authority.certificate);
  dir.write('ca.crt', `${authority.certificate}\n# rotated`);
  clock.advance(5_000);
  expect(tls!.certificateAuthority()).toContain('# rotated');
});

test('--kubelet-additional-certificate-authorities stand beside the cluster CA or the given one, and are re-read as they rotate', async () => {
  const other = await TestAuthority.create('others');
  const files = [dir.write('one.crt', authority.certificate), dir.write('two.crt', other.certificate)];
  const flag = `--kubelet-additional-certificate-authorities=${files}`;
  expect(clientOptions(flag).tls!.certificateAuthority()).toBe(['CLUSTER CA', authority.certificate, other.certificate].join('\n'));
  const { tls } = clientOptions(flag, `--kubelet-certificate-authority=${files[1]}`);
  expect(tls!.certificateAuthority()).toBe([other.certificate, authority.certificate, other.certificate].join('\n'));
  dir.write('one.crt', other.certificate);
  clock.advance(5_000);
  expect(tls!.certificateAuthority()).toBe([other.certificate, other.certificate, other.certificate].join('\n'));
});

test.each(['--kubelet-certificate-authority', '--kubelet-additional-certificate-authorities'])('%s half written leaves the last good one, which is said once', (flag) => {
  const path = dir.write('one.crt', authority.certificate);
  const { tls } = clientOptions(`${flag}=${path}`);
  const before = tls!.certificateAuthority();
  dir.write('one.crt', authority.certificate.slice(0, 100));
  for (let time = 0; time < 2; time++) {
    clock.advance(5_000);
    expect(tls!.certificateAuthority()).toBe(before);
  }
  expect(logger.lines).toEqual([
    `W Keeping the CA certificates in use flag=${flag} path=${path} reason=holds a certificate that cannot be read, number 1 of 1`,
  ]);
});

test('CAs of the system are not lost beside additional ones', () => {
  const file = dir.write('one.crt', authority.certificate);
  const bundle = clientOptionsIn({ ...cluster, certificateAuthority: () => undefined }, `--kubelet-additional-certificate-authorities=${file}`).tls!.certificateAuthority()!;
  expect(bundle.match(/BEGIN/g)!.length).toBe(rootCertificates.length + 1);
});

test('a file of an additional CA that holds none is the user\'s mistake', () => {
  const file = dir.write('one.crt', 'no certificate');
  expect(() => clientOptions(`--kubelet-additional-certificate-authorities=${file}`)).toThrow(/one\.crt .*give a file with CA certificates in PEM/);
});

test('--kubelet-client-certificate is shown beside the token, and re-read as it rotates', async () => {
  const { credentials } = clientOptions(...write(identities[0]));
  expect(await credentials.credentials()).toEqual({ bearerToken: 'cluster-token', clientCertificate: identities[0] });
  write(identities[1]);
  clock.advance(5_000);
  expect(await credentials.credentials()).toEqual({ bearerToken: 'cluster-token', clientCertificate: identities[1] });
});

test('--kubelet-client-certificate is not shown with a key that does not fit, which is said once', async () => {
  const { credentials } = clientOptions(...write(identities[0]));
  dir.write('tls.crt', identities[1].certificate);
  clock.advance(5_000);
  for (let time = 0; time < 2; time++) expect(await credentials.credentials()).toMatchObject({ clientCertificate: identities[0] });
  expect(logger.lines).toEqual([expect.stringMatching(
    /^W Keeping the client certificate in use flag=--kubelet-client-certificate path=.*tls\.crt reason=.*key values mismatch$/,
  )]);
  dir.write('tls.key', identities[1].key);
  expect(await credentials.credentials()).toMatchObject({ clientCertificate: identities[1] });
});

test('--deprecated-kubelet-completely-insecure sends nothing that others could take', async () => {
  const { tls, credentials } = clientOptions('--deprecated-kubelet-completely-insecure');
  expect(tls).toBeUndefined();
  expect(await credentials.credentials()).toEqual({});
});

test('--kubelet-proxy-from-environment heeds HTTPS_PROXY and NO_PROXY, which have no effect without it', () => {
  const before = process.env;
  try {
    process.env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8' };
    expect(clientOptions().proxy).toBeUndefined();
    const { proxy } = clientOptions('--kubelet-proxy-from-environment');
    expect([proxy!({ host: '192.0.2.1', port: 10_250 })?.host, proxy!({ host: '10.0.0.1', port: 10_250 })]).toEqual(['proxy', undefined]);
    process.env.HTTPS_PROXY = 'socks5://user:secret@proxy';
    expect(() => clientOptions('--kubelet-proxy-from-environment')).toThrow(new UsageError(
      ['--kubelet-proxy-from-environment: HTTPS_PROXY must be the URL of an HTTP proxy, http://host:port'],
    ));
  } finally {
    process.env = before;
  }
});

test('--kubelet-gzip has pages asked for compressed, which they are not without it', () => {
  expect([clientOptions().gzip, clientOptions('--kubelet-gzip').gzip]).toEqual([false, true]);
});

test('a certificate with another\'s key is the user\'s mistake', () => {
  const flags = write({ certificate: identities[0].certificate, key: identities[1].key });
  expect(() => clientOptions(...flags)).toThrow(UsageError);
  expect(() => clientOptions(...flags)).toThrow(/key values mismatch/);
});
