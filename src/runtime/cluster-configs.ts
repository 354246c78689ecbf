import { Clock } from './clock';
import { ClusterConfig } from './cluster/cluster-config';
import { inClusterConfig, InClusterConfigError } from './cluster/in-cluster';
import { kubeconfigConfig } from './cluster/kubeconfig';
import { ServerOptions } from './flags/options';
import { Logger } from './telemetry/logger';

/** With whose identity the runtime asks the API server for what. */
export interface ClusterConfigs {
  /** Nodes, pods and kubelets. */
  readonly cluster: ClusterConfig;
  /** The runtime's own Secret and APIServices. */
  readonly own: ClusterConfig;
  /** TokenReviews and the authentication ConfigMap. */
  readonly authentication: ClusterConfig;
  /** SubjectAccessReviews. */
  readonly authorization: ClusterConfig;
}

/**
 * As with metrics-server, `--kubeconfig` is for nodes, pods and kubelets alone: all else is asked with the pod's service
 * account, unless a kubeconfig of its own is given. Outside a pod, where metrics-server gives up, `--kubeconfig` stands in.
 */
export async function clusterConfigs(options: Pick<ServerOptions, 'authentication' | 'authorization' | 'kubeconfig'>, clock: Clock, logger?: Logger): Promise<ClusterConfigs> {
  const { authentication, authorization, kubeconfig } = options;
  const given = kubeconfig === undefined ? undefined : await kubeconfigConfig(kubeconfig, clock, logger);
  const own = podConfig(clock, logger, given);
  const delegated = (path: string | undefined): Promise<ClusterConfig> | ClusterConfig => (
    path === undefined ? own : kubeconfigConfig(path, clock, logger)
  );
  return {
    cluster: given ?? own,
    own,
    authentication: await delegated(authentication.kubeconfig),
    authorization: await delegated(authorization.kubeconfig),
  };
}

/** @throws InClusterConfigError outside a pod, when nothing stands in */
function podConfig(clock: Clock, logger: Logger | undefined, standIn: ClusterConfig | undefined): ClusterConfig {
  try {
    return inClusterConfig(process.env, undefined, clock, logger);
  } catch (error) {
    if (standIn && error instanceof InClusterConfigError) return standIn;
    throw error;
  }
}
