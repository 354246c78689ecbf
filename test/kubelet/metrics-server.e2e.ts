import { readFileSync } from 'fs';
import { connect } from 'tls';
import { Duration } from 'cdk8s';
import { CgroupReadings } from './cgroup-readings';
import { RealCluster } from './cluster';
import { ContainerCgroups } from './container-cgroups';
import { greedyPod, loadPod, motleyPod } from './load';
import { UpstreamManifest } from './upstream-manifest';
import { compare, expectAgreement, servedUsage } from './usage';
import { KubeletServingApprover, MetricsServer } from '../../src';
import { guideBlocks } from '../e2e/commands';
import { eventually } from '../e2e/control-plane/eventually';
import { Kubectl } from '../e2e/control-plane/kubectl';
import { bytes, nanocores } from '../e2e/expected-usage';
import { Shell } from '../e2e/shell';
import { SteadyRequests } from '../e2e/steady-requests';
import { certificateRequest } from '../runtime/kubelet-serving-approver/kubelet-request';

const API_SERVICES = ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'];
const LOADS = { busy: { cores: 0.4, memoryMiB: 120 }, calm: { cores: 0.15, memoryMiB: 40 } };
const REPLICAS = 2;
/** As soon as it may be: what follows is of no other time. */
const READY_SOON = { initialDelay: Duration.seconds(1), period: Duration.seconds(1) };

let cluster: RealCluster;
const readings = new Map<string, CgroupReadings>();

beforeAll(async () => {
  cluster = await RealCluster.start();
  await cluster.applyObjects(loadPod('load', LOADS));
  await cluster.apply((chart) => new KubeletServingApprover(chart, 'approver'));
}, 120_000);

afterAll(async () => {
  readings.forEach((one) => one.stop());
  await cluster?.stop();
});

/** From now on, as the container may be another since the last time. */
async function readCgroups(): Promise<void> {
  await cluster.ready('pod', 'load', 'Ready', 'default');
  const [pod] = await cluster.pods('app=load', 'default');
  readings.forEach((one) => one.stop());
  for (const container of Object.keys(LOADS)) {
    readings.set(container, new CgroupReadings(cluster.cgroupOf(pod, container)));
  }
  readings.set('node', new CgroupReadings(ContainerCgroups.node()));
}

async function available(): Promise<void> {
  for (const name of API_SERVICES) await cluster.ready('apiservice', name, 'Available');
}

async function caBundle(): Promise<string> {
  return (await cluster.kubectl.json('get', 'apiservice', API_SERVICES[0])).spec.caBundle;
}

/** What the API says of the load is what its cgroups say of the same time. */
async function agreement(): Promise<void> {
  await eventually(async () => {
    const pod = await servedUsage(cluster, 'load');
    expect(pod?.containers.map(({ name }: any) => name)).toEqual(Object.keys(LOADS));
    for (const { name, usage } of pod.containers) {
      const { cores, memoryBytes } = compare({ ...pod, usage }, readings.get(name)!);
      expectAgreement(cores);
      expectAgreement(memoryBytes);
    }
  }, 90_000);
}

/** Names of the pods, when the Deployment is as it was last asked to be. */
async function rolledOut(replicas = REPLICAS): Promise<string[]> {
  await cluster.kubectl.run('rollout', 'status', '-n', 'kube-system', 'deployment/metrics-server', '--timeout=100s');
  return eventually(async () => {
    const { items } = await cluster.kubectl.json('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=metrics-server');
    expect(items).toHaveLength(replicas);
    return items.map(({ metadata }: any) => metadata.name);
  });
}

describe('the manifest that a cluster has, with the image changed and nothing else', () => {
  let manifest: UpstreamManifest;

  afterEach(() => manifest.remove());

  test.each([
    ['v0.9.0', 'upstream/metrics-server-v0.9.0/components.yaml', 'k8s-app=metrics-server'],
    ['the Helm chart\'s, with its defaults', 'helm-chart-3.13.1/default.yaml', 'app.kubernetes.io/name=metrics-server'],
  ])('%s', async (_, path, label) => {
    manifest = new UpstreamManifest(cluster, path);
    await manifest.apply();
    await cluster.ready('apiservice', 'v1beta1.metrics.k8s.io', 'Available');
    await cluster.ready('deployment', 'metrics-server', 'Available');
    const [pod] = await cluster.pods(label);
    await cluster.ready('pod', pod.metadata.name);
    expect(await cluster.kubectl.run('top', 'nodes')).toMatch(new RegExp(`^${cluster.node.name} +\\d+m`, 'm'));
    // The kubelet looks at each container in its own time: one may have a rate before another.
    await eventually(async () => {
      const rows = await cluster.kubectl.run('top', 'pods', 'load', '-n', 'default', '--containers');
      for (const container of Object.keys(LOADS)) expect(rows).toMatch(new RegExp(`^load +${container} +[1-9]\\d*m +[1-9]\\d*Mi`, 'm'));
    });
    // Neither a right nor a flag is missing.
    expect(await cluster.kubectl.run('logs', '-n', 'kube-system', pod.metadata.name)).not.toMatch(/^[WE]/m);
  });
});

describe('the synthesized chart on a real node', () => {
  test('becomes ready and available, from the image', async () => {
    await readCgroups();
    await cluster.apply((chart) => new MetricsServer(chart, 'metrics-server'));
    await available();
    await cluster.ready('deployment', 'metrics-server', 'Available');
  });

  test('has TLS verified from kube-apiserver to the pod', async () => {
    for (const name of API_SERVICES) {
      const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
      expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
      expect(Buffer.from(spec.caBundle, 'base64').toString()).toContain('BEGIN CERTIFICATE');
    }
  });

  test('has TLS verified from the pod to the kubelet, whose certificate the cluster\'s CA has signed', async () => {
    const [pod] = await cluster.pods('k8s-app=metrics-server');
    expect(pod.spec.containers[0].args.filter((arg: string) => /insecure|deprecated|certificate-authority/.test(arg))).toEqual([]);
    const issuer = await new Promise((resolve, reject) => {
      // Rejects what the runtime rejects: another CA, another address.
      const socket = connect({ host: cluster.node.address, port: 10250, ca: readFileSync(cluster.controlPlane.caFile) }, () => {
        resolve(socket.getPeerCertificate().issuer.CN);
        socket.destroy();
      }).on('error', reject);
    });
    expect(issuer).toBe('kubernetes');
  });
});

test('the commands of the guide show what the server knows of the node', async () => {
  const [asking, afterwards] = guideBlocks('docs/doctor.md', '## What a running server knows');
  const shell = new Shell(cluster.controlPlane);
  // People type no faster.
  const shown = await shell.run(...asking.flatMap((command) => command.endsWith('&') ? [command, 'sleep 3'] : [command]));
  expect(shown).toMatch(new RegExp(`^${cluster.node.name} +true +ok +\\S+ +0 +${cluster.node.address}:10250 .*DNS:${cluster.node.name}`, 'm'));
  await shell.run(...afterwards);
});

describe('the approver of kubelet serving certificates', () => {
  test('has approved what the kubelet asked for, and nobody else has', async () => {
    const { items } = await cluster.kubectl.json('get', 'csr');
    expect(items.map(({ spec, status }: any) => [spec.username, status.conditions.map(({ type, reason }: any) => [type, reason])])).toEqual([
      [`system:node:${cluster.node.name}`, [['Approved', 'KubeletServingApproved']]],
    ]);
  });

  test('leaves alone what the same kubelet asks for another name', async () => {
    const request = await certificateRequest({
      subject: [{ O: ['system:nodes'] }, { CN: [`system:node:${cluster.node.name}`] }], names: [{ type: 'dns', value: 'kubernetes.default.svc' }],
    });
    const file = cluster.write('csr.json', JSON.stringify({
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'foreign-name' },
      spec: {
        signerName: 'kubernetes.io/kubelet-serving', usages: ['digital signature', 'server auth'], request: Buffer.from(request).toString('base64'),
      },
    }));
    await new Kubectl(cluster.controlPlane, 'kubelet').run('create', '-f', file);
    await eventually(async () => {
      const log = await cluster.kubectl.run('logs', '-n', 'kube-system', 'deployment/kubelet-serving-approver');
      expect(log).toMatch(/foreign-name.*kubernetes\.default\.svc is no address of node node-1/);
    });
    const { status } = await cluster.kubectl.json('get', 'csr', 'foreign-name');
    expect(status).toEqual({});
  });
});

describe('kubectl top', () => {
  test('shows of a known load what cgroups say', async () => {
    await agreement();
    const rows = (await cluster.kubectl.run('top', 'pods', 'load', '-n', 'default', '--containers', '--no-headers')).trim().split('\n');
    for (const [, container, cpu, memory] of rows.map((row) => row.split(/\s+/))) {
      const { cores, memoryMiB } = LOADS[container as keyof typeof LOADS];
      expectAgreement({ served: nanocores(cpu) / 1e9, actual: cores });
      // The program itself takes a little too.
      expect(bytes(memory) / 2 ** 20).toBeGreaterThanOrEqual(memoryMiB);
      expect(bytes(memory) / 2 ** 20).toBeLessThan(memoryMiB * 1.1 + 4);
    }
  });

  test('shows of the node what cgroups say', async () => {
    await eventually(async () => {
      const node = await cluster.controlPlane.request('GET', `/apis/metrics.k8s.io/v1beta1/nodes/${cluster.node.name}`);
      expectAgreement(compare(node, readings.get('node')!).cores);
      const [, cpu] = (await cluster.kubectl.run('top', 'nodes', '--no-headers')).split(/\s+/);
      expect(nanocores(cpu)).toBe(Math.ceil(nanocores(node.usage.cpu) / 1e6) * 1e6);
    }, 90_000);
  });
});

describe('a container that crashes', () => {
  test('neither hides its sibling nor has a figure that it cannot have, and is right again', async () => {
    const [pod] = await cluster.pods('app=load', 'default');
    const seen = new Set<string>();
    process.kill(cluster.cgroupOf(pod, 'busy').processes[0], 'SIGKILL');
    await eventually(async () => {
      const { containers } = await servedUsage(cluster, 'load');
      const calm = containers.find(({ name }: any) => name === 'calm');
      const busy = containers.find(({ name }: any) => name === 'busy');
      expectAgreement({ served: nanocores(calm.usage.cpu) / 1e9, actual: LOADS.calm.cores });
      if (busy?.usage.cpu !== undefined) expect(nanocores(busy.usage.cpu) / 1e9).toBeLessThan(LOADS.busy.cores * 1.1);
      seen.add(JSON.stringify(busy));
      const [{ status }] = await cluster.pods('app=load', 'default');
      expect(status.containerStatuses.find(({ name }: any) => name === 'busy')).toMatchObject({ restartCount: 1, ready: true });
    });
    await readCgroups();
    await agreement();
  });
});

describe('a static pod', () => {
  test('is shown as its mirror pod, with containers that run: sidecar and idler, but not what is done, nor what waits to be restarted', async () => {
    const mirror = cluster.node.runStaticPod(motleyPod('motley'));
    await eventually(async () => {
      const { containers } = await servedUsage(cluster, mirror);
      const measured = containers.map(({ name, usage: { cpu, memory } }: any) => [name, nanocores(cpu) / 1e9, bytes(memory) > 0]);
      expect(measured).toEqual([['app', expect.closeTo(0.05, 1), true], ['idle', expect.closeTo(0, 1), true], ['mesh', expect.closeTo(0.05, 1), true]]);
    }, 90_000);
  });
});

describe('a pod that the kubelet evicts', () => {
  test('is no longer shown, and others are as before', async () => {
    await cluster.applyObjects(greedyPod('greedy'));
    await cluster.ready('pod', 'greedy', 'Ready', 'default');
    await eventually(async () => expect(await servedUsage(cluster, 'greedy')).toBeDefined());
    const [pod] = await cluster.pods('app=greedy', 'default');
    process.kill(cluster.cgroupOf(pod, 'greedy').processes[0], 'SIGUSR1');
    await eventually(async () => {
      const { status } = await cluster.kubectl.json('get', 'pod', 'greedy', '-n', 'default');
      expect(status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    });
    await eventually(async () => expect(await servedUsage(cluster, 'greedy')).toBeUndefined());
    await agreement();
  });
});

describe('a rollout of two replicas', () => {
  test('fails no request, as kube-proxy moves from pod to pod', async () => {
    await cluster.apply((chart) => {
      new MetricsServer(chart, 'metrics-server', { replicas: REPLICAS, readinessProbe: READY_SOON });
    });
    const before = await rolledOut();
    await SteadyRequests.succeedDuring(cluster.controlPlane, async () => {
      await cluster.kubectl.run('rollout', 'restart', '-n', 'kube-system', 'deployment/metrics-server');
      const after = await rolledOut();
      expect(after.filter((name) => before.includes(name))).toEqual([]);
    });
  });
});

describe('one of two replicas', () => {
  test('goes on with the same certificate when its container has crashed', async () => {
    const before = await caBundle();
    const [pod] = await cluster.pods('k8s-app=metrics-server');
    process.kill(cluster.cgroupOf(pod, 'metrics-server').processes[0], 'SIGKILL');
    await eventually(async () => {
      const { status } = await cluster.kubectl.json('get', 'pod', '-n', 'kube-system', pod.metadata.name);
      expect(status.containerStatuses[0]).toMatchObject({ restartCount: 1, ready: true });
    });
    await available();
    await agreement();
    expect(await caBundle()).toBe(before);
  });

  test('is replaced when its pod is evicted, as `kubectl drain` does it', async () => {
    const [{ metadata: { name } }] = await cluster.pods('k8s-app=metrics-server');
    await cluster.controlPlane.request('POST', `/api/v1/namespaces/kube-system/pods/${name}/eviction`, {
      apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'kube-system' },
    });
    await eventually(async () => expect(await rolledOut()).not.toContain(name));
    await available();
    await agreement();
  });
});

describe('a pod in the network of its node, for control planes that reach no other', () => {
  test('serves at the node\'s address, beside the kubelet, which it reads as before', async () => {
    await cluster.apply((chart) => new MetricsServer(chart, 'metrics-server', { hostNetwork: true, readinessProbe: READY_SOON }));
    await rolledOut(1);
    await eventually(async () => {
      const { subsets } = await cluster.kubectl.json('get', 'endpoints', 'metrics-server', '-n', 'kube-system');
      expect(subsets).toMatchObject([{ addresses: [{ ip: cluster.node.address }], ports: [{ port: 4443 }] }]);
    });
    await readCgroups();
    await available();
    await agreement();
  });
});
