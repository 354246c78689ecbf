import { TempDir } from './runtime/cluster/temp-dir';
import { freePort } from './runtime/main/runtime-process';
import { askHttp1 } from './runtime/server/client';
import { issueCertificate } from './simulated-cluster/pki';
import { startSimulatedCluster } from './simulated-cluster/simulated-cluster';
import { systemClock } from '../src/runtime/clock';
import { clusterConfigs } from '../src/runtime/cluster-configs';
import { optionsFrom } from '../src/runtime/flags/options';
import { parseFlags } from '../src/runtime/flags/parse';
import { MetricsServer } from '../src/runtime/metrics-server';
import { silentLogger } from '../src/runtime/telemetry/logger';

/** Of the two, one gives values. */
const CONFIGURATION = `
sources: [{name: prometheus, url: "http://127.0.0.1:9"}]
metrics:
- {name: jobs, query: sum(jobs)}
- {name: workers, schedule: {windows: [{start: '0 8 * * *', end: '0 18 * * *', value: 1}]}}
`;

/**
 * Label names of each series that the real runtime serves at /metrics, by the name of the series, when it keeps its certificate itself, one of its
 * two kubelets refuses, and so does a Prometheus of its configuration.
 */
export async function servedMetrics(): Promise<Map<string, ReadonlySet<string>>> {
  const cluster = await startSimulatedCluster({ nodes: 2, pods: 2 });
  const port = await freePort();
  const directory = new TempDir();
  const options = optionsFrom(parseFlags([
    `--config=${directory.write('config.yaml', CONFIGURATION)}`,
    `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
    '--self-managed-cert-secret=kube-system/cert', '--self-managed-cert-service=kube-system/metrics-server', '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP',
  ]));
  cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'kube-system', name: 'cert' } });
  const identity = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  await cluster.kubelets[0].setFault({ kind: 'refuse' });
  const surroundings = { clock: systemClock, random: Math.random, env: process.env, loggers: () => silentLogger };
  const server = await MetricsServer.create(options, await clusterConfigs(options, systemClock), surroundings);
  try {
    await server.start();
    // kube-apiserver is asked what nobody in particular may do, and not what system:masters may.
    await askHttp1(port, '/metrics', {});
    for (;;) {
      // One request that is counted, and what has been counted so far.
      await askHttp1(port, '/apis/metrics.k8s.io/v1/nodes', { identity });
      for (const metric of ['jobs', 'workers']) await askHttp1(port, `/apis/external.metrics.k8s.io/v1beta1/namespaces/default/${metric}`, { identity });
      const { body } = await askHttp1(port, '/metrics', { identity });
      if (body.includes('apiserver_request_total{') && body.includes('metrics_server_kubelet_request_failures_total{')) return seriesOf(body);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await server.stop(0);
    await cluster.stop();
    directory.remove();
  }
}

/** Label names by the name of the series, in Prometheus' text format. */
export function seriesOf(text: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label);
    series.set(name, new Set([...series.get(name) ?? [], ...names]));
  }
  return series;
}
