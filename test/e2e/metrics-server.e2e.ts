import { API_SERVICES, Cluster } from './cluster';
import { createCertificateAuthority } from '../simulated-cluster/pki';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { bytes, expectedNanocores, nanocores } from './expected-usage';

/** Minors of Kubernetes. Before, kube-apiserver's probe took any serving certificate. */
const PROBE_IS_VERIFIED_SINCE = 36;
const KUBECTL_READS_V1_SINCE = 37;

const METRICS = '/apis/metrics.k8s.io/v1beta1';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
});

afterAll(() => cluster?.stop());

describe('the synthesized chart', () => {
  test('is accepted whole, and again without a change', async () => {
    const first = await cluster.apply();
    expect(first.trim().split('\n')).toHaveLength(cluster.objects.length);
    const second = await cluster.kubectl.run('apply', '-f', cluster.manifest);
    expect(second.trim().split('\n').filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
  });

  test('makes both APIServices available, and every node and pod has metrics', async () => {
    await cluster.startRuntime();
    for (const name of API_SERVICES) {
      await cluster.apiServiceAvailable(name);
    }
    await cluster.metricsServed();
  });

  test('is left as GitOps tools want it: a second apply changes nothing that the runtime wrote', async () => {
    const output = await cluster.kubectl.run('apply', '-f', cluster.manifest);
    expect(output.trim().split('\n').filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
    const secret = cluster.object('Secret').metadata;
    const { data } = await cluster.kubectl.json('get', 'secret', '-n', secret.namespace, secret.name);
    expect(Object.keys(data).sort()).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
  });
});

describe('TLS from kube-apiserver to the runtime', () => {
  test('is verified: caBundle is filled and nothing skips verification', async () => {
    for (const name of API_SERVICES) {
      const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
      expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
      expect(Buffer.from(spec.caBundle, 'base64').toString()).toContain('BEGIN CERTIFICATE');
    }
    await cluster.kubectl.run('get', '--raw', `${METRICS}/nodes`);
  });

  // A right is withheld, since the runtime would mend it at once.
  test('fails while a foreign CA stands in caBundle, and is mended as soon as the runtime may', async () => {
    const role = cluster.objects.find(({ kind, rules }) => kind === 'ClusterRole' && rules.some(isApiServiceRule));
    const withoutPatch = (rule: any) => isApiServiceRule(rule) ? { ...rule, verbs: rule.verbs.filter((verb: string) => verb !== 'patch') } : rule;
    await replaceRules(role, role.rules.map(withoutPatch));
    const foreign = Buffer.from((await createCertificateAuthority('foreign')).certificate).toString('base64');
    for (const name of API_SERVICES) {
      await cluster.kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle: foreign } }));
      expect((await cluster.kubectl.json('get', 'apiservice', name)).spec.caBundle).toBe(foreign);
    }
    const unknownAuthority = 'x509: certificate signed by unknown authority';
    if (await minorVersion() < PROBE_IS_VERIFIED_SINCE) {
      // kubectl keeps the body of a 503 to itself.
      await eventually(() => expect(cluster.metrics('nodes')).rejects.toThrow(new RegExp(`: 503 .*${unknownAuthority}`)));
    } else {
      await eventually(async () => {
        for (const name of API_SERVICES) {
          const { status } = await cluster.kubectl.json('get', 'apiservice', name);
          const available = { type: 'Available', status: 'False', reason: 'FailedDiscoveryCheck', message: expect.stringContaining(unknownAuthority) };
          expect(status.conditions).toContainEqual(expect.objectContaining(available));
        }
      });
      await expect(cluster.metrics('nodes')).rejects.toThrow(/: 503 /);
    }

    await replaceRules(role, role.rules);
    await eventually(async () => {
      for (const name of API_SERVICES) {
        expect((await cluster.kubectl.json('get', 'apiservice', name)).spec.caBundle).not.toBe(foreign);
      }
    });
    await cluster.metricsServed();
  });
});

describe('figures', () => {
  test('of nodes and pods are what the kubelets measured', async () => {
    const pods = cluster.fleet.nodes.flatMap((node) => node.pods);
    const served = await cluster.metrics('pods');
    for (const pod of pods) {
      const metrics = served.find(({ metadata }) => metadata.namespace === pod.namespace && metadata.name === pod.name);
      // Newer Kubernetes adds labels of the node's topology.
      expect(metrics.metadata.labels).toMatchObject(pod.labels);
      expect(metrics.containers.map(({ name }: { name: string }) => name)).toEqual(pod.containers.map(({ name }) => name).sort());
      for (const { name, usage } of metrics.containers) {
        const container = pod.containers.find((one) => one.name === name)!;
        if (pod.containers.length === 1) {
          // Only then the pod's timestamp and window are the container's. The kubelet rounds to microseconds.
          expect(Math.abs(nanocores(usage.cpu) - expectedNanocores(container, metrics))).toBeLessThan(1000);
        }
        expect(bytes(usage.memory) / container.load.memoryBytes).toBeCloseTo(1, 0);
      }
    }
    const nodes = await cluster.metrics('nodes');
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(cluster.fleet.nodes.map(({ name }) => name));
  });

  test('are the same in v1', async () => {
    await eventually(async () => {
      const [old, stable] = await Promise.all([cluster.metrics('pods', 'v1beta1'), cluster.metrics('pods', 'v1')]);
      const withoutCreation = (items: any[]) => items.map(({ metadata, ...rest }) => ({ ...rest, name: metadata.name }));
      expect(withoutCreation(stable)).toEqual(withoutCreation(old));
    });
  });
});

describe('kubectl', () => {
  test('top nodes shows every node', async () => {
    await agreesWith('nodes', () => cluster.kubectl.run('top', 'nodes', '--no-headers'), ({ metadata, usage }) => [
      metadata.name, millicores(usage.cpu), expect.stringMatching(/^\d+%$/), mebibytes(usage.memory), expect.stringMatching(/^\d+%$/),
    ]);
  });

  test('top pods -A shows every pod', async () => {
    await agreesWith('pods', () => cluster.kubectl.run('top', 'pods', '-A', '--no-headers'), ({ metadata, containers }) => [
      metadata.namespace, metadata.name,
      millicores(...containers.map(({ usage }: any) => usage.cpu)), mebibytes(...containers.map(({ usage }: any) => usage.memory)),
    ]);
  });

  test('top pods --containers shows every container', async () => {
    const rows = rowsOf(await cluster.kubectl.run('top', 'pods', '-A', '--containers', '--no-headers'));
    const pods = cluster.fleet.nodes.flatMap((node) => node.pods);
    const containers = pods.flatMap((pod) => pod.containers.map(({ name }) => [pod.namespace, pod.name, name]));
    expect(rows.map((row) => row.slice(0, 3)).sort()).toEqual(containers.sort());
  });

  test('get podmetrics, explain and api-resources know the API', async () => {
    expect(await cluster.kubectl.run('get', 'podmetrics', '-n', 'shop')).toMatch(/^NAME +CPU +MEMORY +WINDOW/);
    expect(await cluster.kubectl.run('explain', 'podmetrics')).toMatch(/KIND: +PodMetrics\nVERSION: +v1[\s\S]*containers\t/);
    const resources = await cluster.kubectl.run('api-resources', '--api-group=metrics.k8s.io', '--no-headers');
    expect(rowsOf(resources)).toEqual([
      ['nodes', 'metrics.k8s.io/v1', 'false', 'NodeMetrics'],
      ['pods', 'metrics.k8s.io/v1', 'true', 'PodMetrics'],
    ]);
  });

  test('reads v1 as soon as it knows it, v1beta1 before', async () => {
    const { stderr } = await cluster.kubectl.try('top', 'nodes', '-v=6');
    expect(stderr).toContain(`/apis/metrics.k8s.io/${await minorVersion() < KUBECTL_READS_V1_SINCE ? 'v1beta1' : 'v1'}/nodes`);
  });

  test('top --show-swap shows what the kubelets report', async () => {
    await agreesWith('nodes', () => cluster.kubectl.run('top', 'nodes', '--show-swap', '--no-headers'), ({ metadata, usage }) => [
      metadata.name, millicores(usage.cpu), expect.stringMatching(/^\d+%$/), mebibytes(usage.memory), expect.stringMatching(/^\d+%$/),
      mebibytes(usage.swap), expect.stringMatching(/^\d+%$/),
    ]);
    const rows = rowsOf(await cluster.kubectl.run('top', 'pods', '-n', 'data', '--show-swap', '--no-headers'));
    expect(rows.length).toBeGreaterThan(2);
    rows.forEach(([name, , , swap]) => expect(swap).toBe(name.startsWith('redis-') ? '24Mi' : '0Mi'));
  });

  test('get in chunks shows every pod once', async () => {
    const pods = cluster.fleet.nodes.flatMap((node) => node.pods);
    const { stdout, stderr } = await cluster.kubectl.try('get', 'podmetrics', '-A', '--chunk-size=5', '--no-headers', '-v=6');
    expect(rowsOf(stdout).map(([namespace, name]) => `${namespace}/${name}`).sort()).toEqual(pods.map(({ namespace, name }) => `${namespace}/${name}`).sort());
    expect(stderr.match(/[?&]continue=/g)).toHaveLength(Math.ceil(pods.length / 5) - 1);
  });

  test('get selects pods by node', async () => {
    const [{ name, pods }] = cluster.fleet.nodes;
    const rows = rowsOf(await cluster.kubectl.run('get', 'podmetrics', '-A', `--field-selector=spec.nodeName=${name}`, '--no-headers'));
    expect(rows.map(([, pod]) => pod).sort()).toEqual(pods.map((pod) => pod.name).sort());
  });

  test('selects by label', async () => {
    const rows = rowsOf(await cluster.kubectl.run('top', 'pods', '-A', '-l', 'app=redis', '--no-headers'));
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach(([, name]) => expect(name).toMatch(/^redis-/));
  });
});

describe('a user', () => {
  test('without rights is refused, and auth can-i says so', async () => {
    const nobody = new Kubectl(cluster.controlPlane, 'nobody');
    const { code, stderr } = await nobody.try('top', 'nodes');
    expect(code).not.toBe(0);
    expect(stderr).toContain('nodes.metrics.k8s.io is forbidden: User "nobody" cannot list resource "nodes" in API group "metrics.k8s.io" at the cluster scope');
    expect((await nobody.try('auth', 'can-i', 'list', 'nodes.metrics.k8s.io')).stdout.trim()).toBe('no');
  });

  test('with the view role may read, through the aggregated reader role', async () => {
    await cluster.kubectl.run('create', 'clusterrolebinding', 'viewer', '--clusterrole=view', '--user=viewer');
    const viewer = new Kubectl(cluster.controlPlane, 'viewer');
    await eventually(async () => expect((await viewer.try('auth', 'can-i', 'list', 'pods.metrics.k8s.io')).stdout.trim()).toBe('yes'));
    expect(rowsOf(await viewer.run('top', 'pods', '-n', 'shop', '--no-headers')).length).toBeGreaterThan(0);
  });
});

describe('the runtime', () => {
  test('serves for the delay of the chart after SIGTERM, and ends with 0 within 3 s of it', async () => {
    const [, delaySeconds] = /--shutdown-delay-duration=(\d+)s/.exec(cluster.deployment.spec.template.spec.containers[0].args.join())!;
    const began = Date.now();
    const ended = cluster.runtime.stop();
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(delaySeconds) - 1000));
    expect(await cluster.metrics('nodes')).toHaveLength(cluster.fleet.nodes.length);
    expect(await ended).toBe(0);
    expect(Date.now() - began).toBeLessThan(1000 * Number(delaySeconds) + 3000);
  });

  test('takes over the certificate it finds after a restart', async () => {
    const before = await cluster.kubectl.json('get', 'apiservice', API_SERVICES[0]);
    await cluster.startRuntime();
    await cluster.metricsServed();
    const after = await cluster.kubectl.json('get', 'apiservice', API_SERVICES[0]);
    expect(after.spec.caBundle).toBe(before.spec.caBundle);
  });
});

describe('OpenAPI of the cluster', () => {
  test('has our kinds, and no type of Kubernetes a second time', async () => {
    // kube-aggregator looks once a minute.
    const names = await eventually(async () => {
      const { definitions } = JSON.parse(await cluster.kubectl.run('get', '--raw', '/openapi/v2'));
      for (const version of ['v1', 'v1beta1']) expect(definitions).toHaveProperty([`io.k8s.metrics.pkg.apis.metrics.${version}.PodMetrics`]);
      return Object.keys(definitions);
    }, 90_000);
    // What it is offered under the name of a definition of its own, in other words, it renames: ObjectMeta_v2.
    expect(names.filter((name) => /_v\d+$/.test(name))).toEqual([]);
  });

  test('is what kubectl explain shows', async () => {
    expect(await cluster.kubectl.run('explain', 'podmetrics')).toMatch(/KIND: +PodMetrics\nVERSION: +v1[\s\S]*containers\t/);
    expect(await cluster.kubectl.run('explain', 'podmetrics.metadata.labels')).toMatch(/FIELD: labels/);
  });
});

/** Of Kubernetes: 34 of v1.34.4. */
async function minorVersion(): Promise<number> {
  return Number((await cluster.controlPlane.request('GET', '/version')).minor);
}

function isApiServiceRule({ resources }: { resources?: string[] }): boolean {
  return resources?.includes('apiservices') ?? false;
}

async function replaceRules({ metadata: { name } }: any, rules: readonly unknown[]): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${encodeURIComponent(name)}`;
  await cluster.controlPlane.request('PATCH', path, { rules }, 'application/merge-patch+json');
}

/** A table of kubectl's shows the same as the API; asked again when a scrape came in between. */
async function agreesWith(resource: string, command: () => Promise<string>, row: (item: any) => unknown[]): Promise<void> {
  await eventually(async () => {
    const before = await cluster.metrics(resource);
    const rows = rowsOf(await command());
    const after = await cluster.metrics(resource);
    expect(after.map(({ timestamp }) => timestamp)).toEqual(before.map(({ timestamp }) => timestamp));
    expect(rows.sort()).toEqual(after.map(row).sort());
  });
}

function rowsOf(table: string): string[][] {
  return table.trim().split('\n').map((line) => line.trim().split(/\s+/));
}

/** As kubectl prints it: each container's CPU is rounded up. */
function millicores(...quantities: string[]): string {
  return `${Math.ceil(quantities.reduce((sum, quantity) => sum + nanocores(quantity), 0) / 1e6)}m`;
}

function mebibytes(...quantities: string[]): string {
  return `${Math.floor(quantities.reduce((sum, quantity) => sum + bytes(quantity), 0) / 2 ** 20)}Mi`;
}
