import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { GitOpsEngines } from './gitops-engines';
import { PodRunner } from './pod-runner';
import { GitOps, Monitoring, ServingCertificate } from '../../src';

const insecure = { servingCertificate: ServingCertificate.insecureSkipTlsVerify() };

const plain = synthesize('plain', () => ({}));
const waves = { verified: synthesize('waves', () => ({ gitOps: GitOps.argoCd() })), insecure: synthesize('insecure-waves', () => ({ gitOps: GitOps.argoCd(), ...insecure })) };
const monitored = synthesize('monitored', () => ({ gitOps: GitOps.argoCd(), monitoring: Monitoring.serviceMonitor() }));
const plainInsecure = synthesize('insecure', () => insecure);
const flux = {
  verified: synthesize('flux', (apiServices) => ({ gitOps: GitOps.flux(apiServices) })),
  insecure: synthesize('insecure-flux', (apiServices) => ({ gitOps: GitOps.flux(apiServices), ...insecure })),
};
const nothing = synthesize('nothing', () => ({})).apiServices;

const ARGO_COMPARISONS = ['three-way', 'structured-merge', 'server-side'];
const TRUST_REFUSED = 'may not be true if caBundle is present';

let cluster: Cluster;
let engines: GitOpsEngines;
let pods: PodRunner;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  engines = new GitOpsEngines(cluster.controlPlane);
  pods = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
});

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
});

async function served(trust: 'verified' | 'insecure'): Promise<void> {
  for (const name of API_SERVICES) {
    await eventually(async () => {
      const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
      expect(spec.caBundle ? 'verified' : spec.insecureSkipTLSVerify ? 'insecure' : 'nothing').toBe(trust);
    }, 100_000);
    await cluster.apiServiceAvailable(name);
  }
  await cluster.metricsServed();
}

/** Argo CD deletes in the foreground: the Deployment goes when its pods have gone. */
async function gone(): Promise<void> {
  await eventually(async () => {
    expect(await cluster.kubectl.run('get', 'all,apiservices', '-n', 'kube-system', '-l', 'k8s-app=metrics-server', '-o', 'name')).toBe('');
  });
}

/** Changes a field that the manifest sets. */
async function meddle(): Promise<void> {
  await cluster.kubectl.run('patch', 'apiservice', 'v1.metrics.k8s.io', '--type=merge', '-p', '{"spec":{"versionPriority":7}}');
}

async function noArgoDrift(manifest: string): Promise<void> {
  for (const comparison of ARGO_COMPARISONS) {
    expect([comparison, await engines.run('argo-cd', 'drift', comparison, manifest)]).toEqual([comparison, []]);
  }
}

describe.each(['client-side', 'server-side'])('Argo CD, applying %s', (apply) => {
  test('with sync waves applies the APIServices when the server is healthy, and waits for them', async () => {
    const { phase, message, objects } = await engines.run('argo-cd', 'sync', apply, waves.verified.server);
    expect([phase, message, pods.tail()]).toEqual(['Succeeded', expect.any(String), expect.any(String)]);
    const step = (kind: string) => objects.filter(({ object }: any) => object.startsWith(`${kind}/`)).map((one: any) => one.step);
    expect(Math.max(...step('Service'), ...step('Deployment'))).toBeLessThan(Math.min(...step('APIService')));
    await served('verified');
  });

  test('sees no drift on what the runtime wrote, without an ignore rule', () => noArgoDrift(waves.verified.server));

  test('would see a drift, each in its way', async () => {
    await meddle();
    for (const comparison of ARGO_COMPARISONS) {
      const drifts = await engines.run('argo-cd', 'drift', comparison, waves.verified.server);
      expect([comparison, ...drifts.map(({ object }: any) => object)]).toEqual([comparison, 'APIService/v1.metrics.k8s.io']);
    }
  });

  test('goes to insecure TLS in one sync', async () => {
    const { phase, objects } = await engines.run('argo-cd', 'sync', apply, waves.insecure.server);
    expect([phase, objects.filter(({ status }: any) => status !== 'Synced')]).toEqual(['Succeeded', []]);
    await served('insecure');
    await noArgoDrift(waves.insecure.server);
  });

  test('and back, in one sync', async () => {
    expect(await engines.run('argo-cd', 'sync', apply, waves.verified.server)).toMatchObject({ phase: 'Succeeded' });
    await served('verified');
    await noArgoDrift(waves.verified.server);
  });

  test('prunes the APIServices before the server', async () => {
    const { phase, objects } = await engines.run('argo-cd', 'sync', apply, nothing, waves.verified.server);
    expect(phase).toBe('Succeeded');
    const step = (kind: string) => objects.filter(({ object }: any) => object.startsWith(`${kind}/`)).map((one: any) => one.step);
    expect(Math.max(...step('APIService'))).toBeLessThan(Math.min(...step('Deployment')));
    await gone();
  });
});

describe('Argo CD, where prometheus-operator is missing', () => {
  const manifest = monitored.server;

  afterAll(async () => {
    await engines.run('argo-cd', 'sync', 'client-side', nothing, manifest);
    await gone();
  });

  test('applies everything but the monitor, and says of that alone that it failed', async () => {
    const { phase, objects } = await engines.run('argo-cd', 'sync', 'client-side', manifest);

    expect(phase).toBe('Failed');
    expect(objects.filter(({ status }: any) => status !== 'Synced').map(({ object }: any) => object)).toEqual(['ServiceMonitor/metrics-server']);
    await served('verified');
  });
});

describe('Flux', () => {
  test('with two Kustomizations applies the server and then its APIServices', async () => {
    await engines.run('flux', 'apply', flux.verified.server);
    await engines.run('flux', 'apply', flux.verified.apiServices);
    await served('verified');
  });

  test.each(['server', 'apiServices'] as const)('sees no drift on what the runtime wrote, without an ignore rule: %s', async (manifest) => {
    expect(await engines.run('flux', 'drift', flux.verified[manifest])).toEqual([]);
    expect(await engines.run('flux', 'apply', flux.verified[manifest])).toEqual(expect.not.arrayContaining([expect.objectContaining({ action: 'configured' })]));
  });

  test('would see a drift, and mends it', async () => {
    await meddle();
    expect((await engines.run('flux', 'drift', flux.verified.apiServices)).map(({ object }: any) => object)).toEqual(['APIService/v1.metrics.k8s.io']);
    await engines.run('flux', 'apply', flux.verified.apiServices);
    expect(await engines.run('flux', 'drift', flux.verified.apiServices)).toEqual([]);
  });

  test('in one Kustomization is refused insecure TLS whole: nothing of it is applied', async () => {
    const { error } = await engines.try('flux', 'apply', plainInsecure.server);
    expect(error).toContain(TRUST_REFUSED);
    expect(await engines.run('flux', 'drift', flux.verified.server)).toEqual([]);
  });

  test('with two goes to insecure TLS by itself: the second is refused until a new pod has started', async () => {
    await engines.run('flux', 'apply', flux.insecure.server);
    expect((await engines.try('flux', 'apply', flux.insecure.apiServices)).error).toContain(TRUST_REFUSED);
    await eventually(() => engines.run('flux', 'apply', flux.insecure.apiServices), 90_000);
    await served('insecure');
    expect(await engines.run('flux', 'drift', flux.insecure.apiServices)).toEqual([]);
  });

  test('and back', async () => {
    await engines.run('flux', 'apply', flux.verified.server);
    await engines.run('flux', 'apply', flux.verified.apiServices);
    await served('verified');
    expect(await engines.run('flux', 'drift', flux.verified.apiServices)).toEqual([]);
  });

  test('deletes the APIServices of one Kustomization before the server', async () => {
    const deleted = (await engines.run('flux', 'delete', plain.server)).map(({ object }: any) => object.split('/')[0]);
    expect(deleted.lastIndexOf('APIService')).toBeLessThan(deleted.indexOf('Deployment'));
    expect(deleted.lastIndexOf('APIService')).toBeGreaterThanOrEqual(0);
  });
});
