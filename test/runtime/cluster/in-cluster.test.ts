import { TestAuthority } from './certificates';
import { RecordingLogger } from './fixtures';
import { inClusterConfig, InClusterConfigError } from '../../../src/runtime/cluster/in-cluster';
import { ManualClock } from '../manual-clock';
import { TempDir } from './temp-dir';

const ENV = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

let cas: string[];
let dir: TempDir;
let clock: ManualClock;

beforeAll(async () => {
  cas = (await Promise.all(['old', 'new'].map((name) => TestAuthority.create(name)))).map(({ certificate }) => certificate);
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  dir.write('token', 'first\n');
  dir.write('ca.crt', cas[0]);
  dir.write('namespace', 'kube-system');
});

afterEach(() => dir.remove());

describe('in a pod', () => {
  test('the service account says who asks, whom to trust and where', async () => {
    const config = inClusterConfig(ENV, dir.path, clock);
    expect(config.server.href).toBe('https://10.96.0.1/');
    expect(config.namespace).toBe('kube-system');
    expect(config.insecureSkipTlsVerify).toBe(false);
    expect(config.certificateAuthority()).toBe(cas[0]);
    expect(await config.credentials()).toEqual({ bearerToken: 'first' });
  });

  test('an IPv6 address is put in brackets', () => {
    const config = inClusterConfig({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }, dir.path, clock);
    expect(config.server.href).toBe('https://[fd00::1]:6443/');
  });

  test('token and CA follow their rotation', async () => {
    const config = inClusterConfig(ENV, dir.path, clock);
    dir.write('token', 'second');
    dir.write('ca.crt', cas[1]);
    expect(await config.credentials()).toEqual({ bearerToken: 'first' });
    clock.advance(60_000);
    expect(await config.credentials()).toEqual({ bearerToken: 'second' });
    expect(config.certificateAuthority()).toBe(cas[1]);
  });

  test('a CA that is half-written does not count, which is said once', () => {
    const logger = new RecordingLogger();
    const config = inClusterConfig(ENV, dir.path, clock, logger);
    const path = dir.write('ca.crt', cas[1].slice(0, 100));
    clock.advance(60_000);
    for (let time = 0; time < 2; time++) expect(config.certificateAuthority()).toBe(cas[0]);
    expect(logger.lines).toEqual([`W Keeping the CA certificates in use path=${path} reason=holds a certificate that cannot be read, number 1 of 1`]);
    dir.write('ca.crt', cas[1]);
    expect(config.certificateAuthority()).toBe(cas[1]);
  });

  test('a refused token is read again at once', async () => {
    const config = inClusterConfig(ENV, dir.path, clock);
    dir.write('token', 'second');
    config.invalidate();
    expect(await config.credentials()).toEqual({ bearerToken: 'second' });
  });
});

describe('outside of a pod', () => {
  const mend = 'outside a pod pass --kubeconfig with the path of a kubeconfig file';

  test.each([
    [{}, 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT not set'],
    [{ KUBERNETES_SERVICE_HOST: 'x' }, 'KUBERNETES_SERVICE_PORT not set'],
  ])('the environment %j is not enough', (env, missing) => {
    expect(() => inClusterConfig(env, dir.path, clock)).toThrow(new InClusterConfigError(missing));
    expect(() => inClusterConfig(env, dir.path, clock)).toThrow(`not running in a cluster: ${missing}; ${mend}`);
  });

  test.each(['token', 'ca.crt'])('a missing %s is named', (name) => {
    dir.remove(name);
    expect(() => inClusterConfig(ENV, dir.path, clock)).toThrow(`not running in a cluster: ${dir.path}/${name} cannot be read (ENOENT); ${mend}`);
  });
});
