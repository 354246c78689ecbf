import { missingRights } from './access';
import { CHART, readSynthesizedRuntime } from './deployment';
import { Failure } from './failure';
import { createLoopback, freePort } from './loopback';
import { detail, step } from './progress';
import { Scope } from './scope';
import { UsageSource } from './show-usage';
import { startRuntime } from './start-runtime';
import { readUsage } from './usage';
import { ApiClient } from '../src/runtime/cluster/api-client';
import { kubeconfigConfig } from '../src/runtime/cluster/kubeconfig';

/** The runtime here, reading a cluster elsewhere with the kubeconfig's identity and writing nothing there. */
export async function startReal(kubeconfig: string, scope: Scope): Promise<UsageSource> {
  const { args } = readSynthesizedRuntime();
  const config = await kubeconfigConfig(kubeconfig);
  step(2, `Ask ${config.server.host} what the identity of ${kubeconfig} may do`);
  const cluster = new ApiClient({ config, userAgent: 'npm-start' });
  scope.onClose(() => cluster.close());
  const { inventory, kubelets } = await missingRights(cluster);
  if (inventory.length > 0) throw new Failure('the runtime cannot work with this kubeconfig', [...inventory, ...kubelets]);
  kubelets.forEach(detail);

  const loopback = await createLoopback(await freePort(), scope.directory);
  // The self-managed certificate is kept in the cluster; here nothing is written there.
  const runtime = await startRuntime(args.filter((arg) => !arg.startsWith('--self-managed-')), [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    ...loopback.flags,
    `--cert-dir=${scope.directory}`,
  ], `the Deployment in ${CHART}, without the self-managed certificate`, scope);
  const metrics = new ApiClient({ config: loopback.config, userAgent: 'npm-start' });
  scope.onClose(() => metrics.close());
  return { runtime, read: () => readUsage(cluster, metrics) };
}
