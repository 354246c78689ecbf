import { IConstruct } from 'constructs';
import { COMPANION_COSTS, requestsFor, UPSTREAM_COSTS, UPSTREAM_COSTS_SINCE, USUAL_PODS_PER_NODE } from '../_facts/costs';
import { ImageFacts, isOlder } from '../_facts/images';
import { NannyOptions } from '../nanny/nanny-options';
import { ContainerResources } from '../pod/resources';
import { wholeNumber } from '../validation/_checks';
import { isRecord, refuse } from '../validation/_validation';

/**
 * How a metrics server's resources follow from the size of the cluster.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', { sizing: Sizing.forNodes(500) });
 */
export class Sizing {
  /**
   * Requests for a cluster of so many nodes, from what the image was measured to cost, with head-room:
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/sizing.md
   * Releases of metrics-server before v0.6 were not measured, and are refused.
   * There are no limits: a CPU limit delays scrapes and probes just when there is much to do, and a memory limit ends the server in the list that it could not answer.
   *
   * @param nodes Number of nodes that the cluster may grow to, 1 to 10000
   * @param podsPerNode Mean number of pods on a node, 1 to 1000, 30 if left out
   */
  public static forNodes(nodes: number, podsPerNode: number = USUAL_PODS_PER_NODE): Sizing {
    return new Sizing({ nodes, podsPerNode });
  }

  /**
   * A nanny, which sizes the server to the cluster while it grows and shrinks, and restarts it whenever it does. Refused with more than one
   * replica. `MetricsServer.nanny` is the nanny.
   *
   * @example
   * new MetricsServer(this, 'metrics-server', {
   *   sizing: Sizing.nanny({
   *     cpu: { base: '40m', perNode: '1m' },
   *     memory: { base: '40Mi', perNode: '2Mi' },
   *   }),
   * });
   *
   * @param options What the nanny estimates, and how
   */
  public static nanny(options: NannyOptions = {}): Sizing {
    return new Sizing({ nanny: options });
  }

  /** @internal Options of the nanny, undefined without one. */
  public readonly _nanny?: NannyOptions;
  private readonly nodes?: number;
  private readonly podsPerNode?: number;

  private constructor({ nodes, podsPerNode, nanny }: { readonly nodes?: number; readonly podsPerNode?: number; readonly nanny?: NannyOptions }) {
    this.nodes = nodes;
    this.podsPerNode = podsPerNode;
    this._nanny = nanny;
  }

  /** @internal Resources that the container starts with; none where a nanny sets them. */
  public _resources(scope: IConstruct, { companion, release }: ImageFacts): ContainerResources | undefined {
    if (this._nanny !== undefined) {
      if (isRecord(this._nanny)) return undefined;
      refuse(scope, { property: 'sizing.options', given: this._nanny, allowed: 'options of a nanny', mend: 'write sizing as in Sizing.nanny({ … }), or Sizing.nanny()' });
    }
    wholeNumber(1, 10_000, '', 'write sizing as in Sizing.forNodes(100)')(scope, 'sizing.nodes', this.nodes ?? null);
    wholeNumber(1, 1000)(scope, 'sizing.podsPerNode', this.podsPerNode);
    if (isOlder(release, UPSTREAM_COSTS_SINCE)) {
      refuse(scope, {
        property: 'sizing',
        given: `Sizing.forNodes() with metrics-server ${release}`,
        allowed: `with metrics-server ${UPSTREAM_COSTS_SINCE} or newer: older ones read another page of the kubelets, and nobody measured what that costs`,
        mend: 'write resources instead, or choose such an image',
      });
    }
    return { requests: requestsFor(companion ? COMPANION_COSTS : UPSTREAM_COSTS, this.nodes!, this.podsPerNode!) };
  }
}
