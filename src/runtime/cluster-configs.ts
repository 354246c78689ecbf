import { Clock } from './clock';
import { ClusterConfig } from './cluster/cluster-config';
import { inClusterConfig, InClusterConfigError } from './cluster/in-cluster';
import { kubeconfigConfig } from './cluster/kubeconfig';
import { Options } from './flags/options';

/** With whose identity the runtime asks the API server for what. */
export interface ClusterConfigs {
  /** Nodes, pods, kubelets, and the runtime's own Secret and APIServices. */
  readonly cluster: ClusterConfig;
  /** TokenReviews and the authentication ConfigMap. */
  readonly authentication: ClusterConfig;
  /** SubjectAccessReviews. */
  readonly authorization: ClusterConfig;
}

/**
 * As metrics-server, authentication and authorization take the pod's service account unless told otherwise, even beside
 * `--kubeconfig`. Outside a pod, where metrics-server gives up, they take `--kubeconfig`.
 */
export async function clusterConfigs(options: Options, clock: Clock): Promise<ClusterConfigs> {
  const cluster = await configOf(options.kubeconfig, clock);
  const delegated = async (kubeconfig: string | undefined): Promise<ClusterConfig> => {
    try {
      return await configOf(kubeconfig, clock);
    } catch (error) {
      if (error instanceof InClusterConfigError) return cluster;
      throw error;
    }
  };
  const { authentication, authorization } = options;
  return { cluster, authentication: await delegated(authentication.kubeconfig), authorization: await delegated(authorization.kubeconfig) };
}

async function configOf(kubeconfig: string | undefined, clock: Clock): Promise<ClusterConfig> {
  return kubeconfig === undefined ? inClusterConfig(process.env, undefined, clock) : kubeconfigConfig(kubeconfig, clock);
}
