import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { Question } from '../server/client';

const MINUTE_MS = 60_000;
const CONFIG_MAPS = '/api/v1/namespaces/kube-system/configmaps';

let bench: Workbench;
let cluster: ScriptedCluster;
let runtime: RuntimeProcess;
let clientCa: Identity;
let proxyCa: Identity;

beforeAll(async () => {
  bench = new Workbench();
  cluster = await ScriptedCluster.start();
  [clientCa, proxyCa] = await Promise.all(['clients', 'proxies'].map(createCertificateAuthority));
});

beforeEach(() => { cluster.asked.length = 0; });

afterAll(async () => {
  await bench.remove();
  await cluster.stop();
});

const kubeconfig = (by: string) => bench.write(`${by}.kubeconfig`, cluster.kubeconfig(by));

async function start(...flags: readonly string[]): Promise<void> {
  runtime = await bench.runAdjustable(...bench.flags(await freePort(), kubeconfig('cluster')), ...flags).serving();
}

/** Who that asks is, as the cluster is told when it is asked what they may do. */
async function userOf(question: Question): Promise<{ user?: string; groups?: string[]; uid?: string; extra?: Record<string, string[]> }> {
  const { status } = await runtime.get('/whoever', question);
  return status === 401 ? {} : cluster.reviews('SubjectAccessReview').at(-1);
}

describe('who asks', () => {
  beforeAll(() => start(
    '--authentication-skip-lookup',
    `--client-ca-file=${bench.write('client-ca.crt', clientCa.certificate)}`,
    `--requestheader-client-ca-file=${bench.write('proxy-ca.crt', proxyCa.certificate)}`,
    '--requestheader-allowed-names=proxy', '--requestheader-username-headers=x-user', '--requestheader-group-headers=x-team',
    '--requestheader-uid-headers=x-id', '--requestheader-extra-headers-prefix=x-more-',
    // Everybody is asked about anew.
    '--authorization-webhook-cache-authorized-ttl=0s',
  ));

  const headers = { 'x-user': 'alice', 'x-team': 'devs', 'x-id': 'id-1', 'x-more-scopes': 'all' };

  test('--client-ca-file: whoever shows a certificate of that CA', async () => {
    const identity = await issueCertificate(clientCa, { commonName: 'bob', usages: ['client'] });
    expect((await userOf({ identity })).user).toBe('bob');
  });

  test('--requestheader-client-ca-file, --requestheader-username-headers, --requestheader-group-headers, --requestheader-uid-headers, '
    + '--requestheader-extra-headers-prefix: whom the front proxy names by those headers', async () => {
    const identity = await issueCertificate(proxyCa, { commonName: 'proxy', usages: ['client'] });
    expect(await userOf({ identity, headers })).toMatchObject({ user: 'alice', groups: expect.arrayContaining(['devs']), uid: 'id-1', extra: { scopes: ['all'] } });
  });

  test('--requestheader-allowed-names: another of the same CA may name nobody', async () => {
    const identity = await issueCertificate(proxyCa, { commonName: 'somebody', usages: ['client'] });
    expect((await userOf({ identity, headers })).user).not.toBe('alice');
  });
});

describe('whom it asks', () => {
  beforeEach(() => start(
    '--authentication-skip-lookup', `--authentication-kubeconfig=${kubeconfig('authentication')}`, `--authorization-kubeconfig=${kubeconfig('authorization')}`,
    '--authentication-token-webhook-cache-ttl=30m', '--authorization-webhook-cache-authorized-ttl=50m', '--authorization-webhook-cache-unauthorized-ttl=70m',
    '--authorization-always-allow-paths=/open/*',
  ));

  test('--kubeconfig, --authentication-kubeconfig, --authorization-kubeconfig: each for its own', async () => {
    await runtime.get('/whoever', { headers: { authorization: 'Bearer alice' } });
    await cluster.isAsked(({ path }) => path === '/api/v1/nodes');
    await cluster.isAsked(({ path }) => path === '/api/v1/pods');
    expect([...new Set(cluster.asked.map(({ by, body, path }) => `${by}: ${body?.kind ?? path}`))].sort()).toEqual([
      'authentication: TokenReview', 'authorization: SubjectAccessReview', 'cluster: /api/v1/nodes', 'cluster: /api/v1/pods',
    ]);
  });

  test('--authorization-always-allow-paths: nobody is asked about these', async () => {
    expect((await runtime.get('/open/door')).status).toBe(404);
    expect(cluster.reviews('SubjectAccessReview')).toEqual([]);
  });

  test('--authentication-token-webhook-cache-ttl, --authorization-webhook-cache-authorized-ttl, --authorization-webhook-cache-unauthorized-ttl: '
    + 'what was answered is remembered so long', async () => {
    cluster.allows = ({ nonResourceAttributes }) => nonResourceAttributes.path !== '/shut';
    const asked = async () => {
      cluster.asked.length = 0;
      const statuses = [];
      for (const path of ['/granted', '/shut']) statuses.push((await runtime.get(path, { headers: { authorization: 'Bearer alice' } })).status);
      expect(statuses).toEqual([404, 403]);
      return [...cluster.reviews('TokenReview').map(({ token }) => token), ...cluster.reviews('SubjectAccessReview').map(({ nonResourceAttributes }) => nonResourceAttributes.path)];
    };
    expect(await asked()).toEqual(['alice', '/granted', '/shut']);
    await runtime.advance(29 * MINUTE_MS);
    expect(await asked()).toEqual([]);
    await runtime.advance(2 * MINUTE_MS);
    expect(await asked()).toEqual(['alice']);
    await runtime.advance(18 * MINUTE_MS);
    expect(await asked()).toEqual([]);
    await runtime.advance(2 * MINUTE_MS);
    expect(await asked()).toEqual(['/granted']);
    await runtime.advance(18 * MINUTE_MS);
    expect(await asked()).toEqual(['alice']);
    await runtime.advance(2 * MINUTE_MS);
    expect(await asked()).toEqual(['/shut']);
  });
});

describe('the cluster does not say how to know users', () => {
  const check = async () => (await runtime.get('/readyz?verbose')).body.includes('[-]authentication-ready');

  test('it is waited for without a flag', async () => {
    await start();
    await cluster.isAsked(({ path }) => path === CONFIG_MAPS);
    expect(await check()).toBe(true);
  });

  test('--authentication-skip-lookup: it is not asked', async () => {
    await start('--authentication-skip-lookup');
    expect(await check()).toBe(false);
    await cluster.isAsked(({ path }) => path === '/api/v1/pods');
    expect(cluster.asked.filter(({ path }) => path === CONFIG_MAPS)).toEqual([]);
  });

  test('--authentication-tolerate-lookup-failure, --authentication-kubeconfig: it is asked by that, and nobody waits for it', async () => {
    await start('--authentication-tolerate-lookup-failure', `--authentication-kubeconfig=${kubeconfig('authentication')}`);
    expect(await cluster.isAsked(({ path }) => path === CONFIG_MAPS)).toMatchObject({ by: 'authentication' });
    expect(await check()).toBe(false);
  });
});
