import { readFileSync } from 'fs';
import { ExecConfig, ExecCredentialError, ExecCredentials } from '../../../src/runtime/cluster/exec-credential';
import { ManualClock } from '../manual-clock';
import { until } from './fake-api-server';
import { TempDir } from './temp-dir';

let dir: TempDir;
let clock: ManualClock;

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
});

afterEach(() => dir.remove());

/** A plug-in that is a shell script. */
function plugin(script: string, config: Partial<ExecConfig> = {}): ExecCredentials {
  const command = dir.write('plugin', `#!/bin/sh\necho run >> ${dir.path}/runs\n${script}\n`, 0o700);
  return new ExecCredentials({ apiVersion: 'client.authentication.k8s.io/v1', command, args: [], env: {}, ...config }, clock);
}

function answer(status: object, apiVersion = 'client.authentication.k8s.io/v1'): string {
  return `cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND`;
}

const runs = () => readFileSync(`${dir.path}/runs`, 'utf8').trim().split('\n').length;

async function problemOf(credentials: ExecCredentials): Promise<string> {
  const error: unknown = await credentials.credentials().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ExecCredentialError);
  return (error as Error).message.replace(`credential plug-in ${dir.path}/plugin `, '');
}

describe('a credential plug-in', () => {
  test('gives a token or a client certificate', async () => {
    expect(await plugin(answer({ token: 't' })).credentials()).toEqual({ bearerToken: 't' });
    expect(await plugin(answer({ clientCertificateData: 'C', clientKeyData: 'K' })).credentials())
      .toEqual({ clientCertificate: { certificate: 'C', key: 'K' } });
  });

  test('is told the version, that nobody answers questions, and the cluster if the kubeconfig wants that', async () => {
    const cluster = { server: 'https://api:6443' };
    await plugin(`echo "$KUBERNETES_EXEC_INFO" > ${dir.path}/info\n${answer({ token: 't' }, 'client.authentication.k8s.io/v1beta1')}`, {
      apiVersion: 'client.authentication.k8s.io/v1beta1', cluster,
    }).credentials();
    expect(JSON.parse(readFileSync(`${dir.path}/info`, 'utf8'))).toEqual({
      kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1beta1', spec: { interactive: false, cluster },
    });
  });

  test('is asked once, however many requests wait', async () => {
    const credentials = plugin(answer({ token: 't' }));
    await Promise.all([credentials.credentials(), credentials.credentials()]);
    clock.advance(86_400_000);
    await credentials.credentials();
    expect(runs()).toBe(1);
  });

  test('is asked again when its answer expires, or when the API server refuses it', async () => {
    const credentials = plugin(answer({ token: 't', expirationTimestamp: '2026-01-01T00:10:00Z' }));
    await credentials.credentials();
    clock.advance(599_999);
    await credentials.credentials();
    expect(runs()).toBe(1);
    clock.advance(1);
    await credentials.credentials();
    expect(runs()).toBe(2);
    credentials.invalidate();
    await credentials.credentials();
    expect(runs()).toBe(3);
  });

  test('that fails is told by the first line of what it says', async () => {
    expect(await problemOf(plugin('echo "please log in" >&2; echo more >&2; exit 3'))).toBe('ended with exit code 3: please log in');
    expect(await problemOf(plugin('exit 1'))).toBe('ended with exit code 1');
  });

  test('that is not there is told with the hint how to get it', async () => {
    const credentials = plugin('', { command: 'no-such-plugin', installHint: '\nInstall it with\n  brew' });
    await expect(credentials.credentials()).rejects.toThrow('credential plug-in no-such-plugin was not found; Install it with');
  });

  test.each([
    ['echo hello', 'did not write an ExecCredential as JSON'],
    [answer({ token: 't' }, 'v2'), 'wrote v2 ExecCredential, the kubeconfig asks for client.authentication.k8s.io/v1 ExecCredential'],
    [answer({}), 'gave neither a token nor a client certificate'],
    [answer({ clientCertificateData: 'C' }), 'gave a client certificate without its key, or a key without its certificate'],
    [answer({ token: 't', expirationTimestamp: 'soon' }), 'gave an expirationTimestamp that is no RFC 3339 time'],
    ['head -c 2000000 /dev/zero', 'wrote more than 1048576 bytes'],
  ])('that answers with %j is refused', async (script, problem) => {
    expect(await problemOf(plugin(script))).toBe(problem);
  });

  test('that does not end is ended, with what it started', async () => {
    const credentials = plugin(`sleep 600 & echo $! > ${dir.path}/child; wait`);
    const problem = problemOf(credentials);
    const child = () => Number(readFileSync(`${dir.path}/child`, { encoding: 'utf8', flag: 'a+' }));
    await until(() => child() > 0);
    clock.advance(60_000);
    expect(await problem).toBe('gave no answer in 60 s');
    await until(() => !isRunning(child()));
  });
});

function isRunning(pid: number): boolean {
  try {
    // A killed process that its new parent has not yet collected still has an entry.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
