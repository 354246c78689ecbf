import { Duration } from 'cdk8s';
import { NannyConfiguration } from './nanny-configuration';
import { ContainerSecurityContext } from '../pod/container-security-context';
import { ImagePullPolicy } from '../pod/image';
import { ContainerResources } from '../pod/resources';

/** How much of a resource the target gets: `base + perNode × nodes`. */
export interface NannyEstimate {
  /** What an empty cluster needs, as a Kubernetes quantity such as `40m` or `40Mi`. */
  readonly base: string;
  /** What each node adds, as a Kubernetes quantity such as `500u` or `4Mi`. */
  readonly perNode: string;
}

/** How the nanny counts nodes. */
export class NannyEstimator {
  /** As many as there are. Each node that comes or goes may restart the target, within the threshold. */
  public static linear(): NannyEstimator {
    return new NannyEstimator('linear', { cpu: '40m', memory: '40Mi' });
  }

  /**
   * In steps, each half as large again as the one before, so that a growing cluster restarts the target seldom.
   *
   * @param minClusterSize Smallest number of nodes that is counted, 2 or more, 16 if left out
   */
  public static exponential(minClusterSize: number = 16): NannyEstimator {
    return new NannyEstimator('exponential', { cpu: '0m', memory: '0Mi' }, minClusterSize);
  }

  /** @internal */
  public readonly _name: string;
  /** @internal Estimates when none is given. */
  public readonly _defaultEstimates: { readonly cpu: NannyEstimate; readonly memory: NannyEstimate };
  /** @internal */
  public readonly _minClusterSize?: number;

  private constructor(name: string, base: { readonly cpu: string; readonly memory: string }, minClusterSize?: number) {
    this._name = name;
    this._defaultEstimates = { cpu: { base: base.cpu, perNode: '1m' }, memory: { base: base.memory, perNode: '2Mi' } };
    this._minClusterSize = minClusterSize;
  }
}

/** What a nanny estimates, and how. */
export interface NannyOptions {
  /**
   * Image of addon-resizer 1.8, with tag or digest. A tag says which flags it knows; without one that names a release it is taken for the
   * newest.
   *
   * @default registry.k8s.io/autoscaling/addon-resizer:1.8.24
   */
  readonly image?: string;
  /**
   * CPU of the target.
   *
   * @default - if `memory` is left out as well, 1m for each node, from 40m on with a linear estimator; else CPU is not managed
   */
  readonly cpu?: NannyEstimate;
  /**
   * Memory of the target.
   *
   * @default - if `cpu` is left out as well, 2Mi for each node, from 40Mi on with a linear estimator; else memory is not managed
   */
  readonly memory?: NannyEstimate;
  /**
   * How nodes are counted.
   *
   * @default NannyEstimator.exponential(100)
   */
  readonly estimator?: NannyEstimator;
  /**
   * Deviation from the estimate, in percent from 0 to 100, that the nanny lets pass. Each change restarts the target. Above 0 where an
   * estimate can hold parts of a millicore, which Kubernetes rounds up, so that the nanny would find it changed for ever.
   *
   * @default 5
   */
  readonly threshold?: number;
  /**
   * Time between two looks at the cluster.
   *
   * @default Duration.minutes(5)
   */
  readonly pollPeriod?: Duration;
  /**
   * Time that has to pass, from the nanny's start or its last change, before it lowers resources. Whole milliseconds.
   *
   * @default - none
   */
  readonly scaleDownDelay?: Duration;
  /**
   * Time that has to pass, from the nanny's start or its last change, before it raises resources. Whole milliseconds.
   *
   * @default - none
   */
  readonly scaleUpDelay?: Duration;
  /**
   * Where the nanny reads its estimates from.
   *
   * @default NannyConfiguration.flags()
   */
  readonly configuration?: NannyConfiguration;
  /**
   * Whether the number of nodes is read from kube-apiserver's metrics, which is cheaper in large clusters than listing nodes. Metrics-server's
   * own manifests say `true`. From Kubernetes 1.37 on, which hides the metric that older ones read, that needs addon-resizer 1.8.24.
   *
   * @default false - which works with every version of Kubernetes
   */
  readonly useMetrics?: boolean;
  /**
   * Whether its roles and their bindings are synthesized. If not, someone else grants the ServiceAccount of the pod to get pods and to get and
   * patch the Deployment, in its namespace, and to list nodes, or with `useMetrics` to get `/metrics`.
   *
   * @default - true, or as the `rbac` of the server that the nanny is added to
   */
  readonly rbac?: boolean;
  /**
   * What the nanny itself asks for and may not exceed.
   *
   * @default - 40m CPU and 25Mi memory, requested and as limit
   */
  readonly resources?: ContainerResources;
  /**
   * What the nanny's container may do on its node. Each field that is given replaces the default one.
   *
   * @default - the restricted Pod Security Standard with a read-only root and user 1000
   */
  readonly containerSecurityContext?: ContainerSecurityContext;
  /**
   * When the kubelet pulls the nanny's image.
   *
   * @default - as Kubernetes has it: if the node does not have it, and always with the tag latest
   */
  readonly imagePullPolicy?: ImagePullPolicy;
  /**
   * Further arguments of addon-resizer, as a last resort: `--flag=value`, each an element. A flag that the image does not know, or that a
   * property can write, is refused.
   *
   * @default - none
   */
  readonly extraArgs?: string[];
}
