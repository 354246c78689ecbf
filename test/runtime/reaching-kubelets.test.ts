import { RecordingLogger } from './cluster/fixtures';
import { freePort } from './main/runtime-process';
import { askHttp1 } from './server/client';
import { systemClock } from '../../src/runtime/clock';
import { clusterConfigs } from '../../src/runtime/cluster-configs';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { MetricsServer } from '../../src/runtime/metrics-server';
import { eventually } from '../e2e/control-plane/eventually';
import { nodeObject } from '../simulated-cluster/cluster-objects';
import { issueCertificate } from '../simulated-cluster/pki';
import { startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

test('kubelets are reached at whatever address leads to them, and a virtual node without one spoils nothing', async () => {
  const cluster = await startSimulatedCluster({ nodes: 3, pods: 3 });
  const [named, moved, annotated] = cluster.kubelets;
  const apply = (kubelet: typeof named, addresses: readonly object[], annotations: object = {}, kubeletPort = kubelet.port) => {
    const { status, metadata, ...node } = nodeObject(kubelet.node, kubelet);
    cluster.apply({
      ...node,
      metadata: { ...metadata, annotations },
      status: { ...status as object, addresses, daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } },
    } as ReturnType<typeof nodeObject>);
  };
  apply(named, [{ type: 'Hostname', address: 'node.invalid' }, { type: 'InternalIP', address: named.host }]);
  apply(moved, [{ type: 'InternalIP', address: '127.9.9.9' }, { type: 'InternalIP', address: moved.host }]);
  apply(annotated, [{ type: 'InternalIP', address: annotated.host }], { 'metrics.k8s.io/resource-metrics-port': String(annotated.port) }, 1);
  cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'virtual' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } } as ReturnType<typeof nodeObject>);

  const admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const port = await freePort();
  const options = optionsFrom(parseFlags([
    `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
    `--cert-dir=${cluster.directory}/certificates`, '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=Hostname,InternalIP',
  ]));
  const server = await MetricsServer.create(
    { ...options, metricResolutionMs: 2_000 },
    await clusterConfigs(options, systemClock), { clock: systemClock, random: Math.random, env: process.env, loggers: () => new RecordingLogger() },
  );
  try {
    await server.start();
    await eventually(async () => {
      const { body } = await askHttp1(port, '/debug/nodes?output=json', { identity: admin });
      const states = JSON.parse(body).nodes.map(({ name, state, addresses }: any) => [name, state, addresses.map((one: any) => one.state)]);
      expect(states).toEqual([
        [named.node.name, 'ok', ['dns', 'ok']],
        [moved.node.name, 'ok', ['refused', 'ok']],
        [annotated.node.name, 'ok', ['ok']],
        ['virtual', 'no-address', []],
      ]);
    }, 20_000);
  } finally {
    await server.stop(0);
    await cluster.stop();
  }
}, 60_000);
