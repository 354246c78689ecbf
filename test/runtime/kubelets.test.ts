import { TestAuthority, TestCertificate } from './cluster/certificates';
import { configFor } from './cluster/fixtures';
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
let authority: TestAuthority;
let identities: TestCertificate[];

beforeAll(async () => {
  authority = await TestAuthority.create('kubelets');
  identities = await Promise.all(['old', 'new'].map((name) => authority.issue(name)));
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
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
  const given = jest.spyOn(scrape, 'PooledKubeletClient').mockReturnValue({} as scrape.PooledKubeletClient);
  kubeletClient(optionsFrom(parseFlags(flags)).kubelet, cluster, clock);
  return given.mock.calls[0][0];
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

test('--kubelet-client-certificate is shown beside the token, and re-read as it rotates', async () => {
  const { credentials } = clientOptions(...write(identities[0]));
  expect(await credentials.credentials()).toEqual({ bearerToken: 'cluster-token', clientCertificate: identities[0] });
  write(identities[1]);
  clock.advance(5_000);
  expect(await credentials.credentials()).toEqual({ bearerToken: 'cluster-token', clientCertificate: identities[1] });
});

test('--deprecated-kubelet-completely-insecure sends nothing that others could take', async () => {
  const { tls, credentials } = clientOptions('--deprecated-kubelet-completely-insecure');
  expect(tls).toBeUndefined();
  expect(await credentials.credentials()).toEqual({});
});

test('a certificate with another\'s key is the user\'s mistake', () => {
  const flags = write({ certificate: identities[0].certificate, key: identities[1].key });
  expect(() => clientOptions(...flags)).toThrow(UsageError);
  expect(() => clientOptions(...flags)).toThrow(/key values mismatch/);
});
