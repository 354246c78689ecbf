import { CHART, readSynthesizedRuntime } from './deployment';
import { freePort } from './loopback';
import { Options } from './options';
import { detail, step } from './progress';
import { Scope } from './scope';
import { UsageSource } from './show-usage';
import { startRuntime } from './start-runtime';
import { readUsage } from './usage';
import { ApiClient } from '../src/runtime/cluster/api-client';
import { kubeconfigConfig } from '../src/runtime/cluster/kubeconfig';
import { startSimulatedCluster } from '../test/simulated-cluster/simulated-cluster';

/** The runtime as the synthesized chart runs it, in a simulated cluster that the chart is applied to. */
export async function startSimulated({ nodes, pods }: Options, scope: Scope): Promise<UsageSource> {
  const { objects, user, args, service } = readSynthesizedRuntime();
  step(2, `Start a simulated cluster of ${nodes} nodes and ${pods} pods`);
  const cluster = await startSimulatedCluster({ nodes, pods, directory: scope.directory });
  scope.onClose(() => cluster.stop());
  objects.forEach((object) => cluster.apply(object));
  detail(`API server ${cluster.server}, ${objects.length} objects of ${CHART} applied`);

  const port = await freePort();
  cluster.api.setEndpoint(service.namespace, service.name, { host: '127.0.0.1', port });
  const kubeconfig = await cluster.kubeconfigPath(user);
  const runtime = await startRuntime(args, [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${scope.directory}`,
  ], `the Deployment in ${CHART}`, scope);

  const admin = new ApiClient({ config: await kubeconfigConfig(await cluster.kubeconfigPath('kubernetes-admin')), userAgent: 'npm-start' });
  scope.onClose(() => admin.close());
  return { runtime, pods, read: () => readUsage(admin, admin) };
}
