import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ApiServicePlace } from './_api-service-place';
import { checkInteger, refuse } from '../validation/_validation';

/**
 * How a GitOps tool is told that APIServices come after the server behind them and go before it: an APIService without a server
 * never gets healthy, breaks discovery and keeps every deleted namespace from going away.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', { gitOps: GitOps.argoCd() });
 */
export abstract class GitOps {
  /**
   * Argo CD: the APIServices get a sync wave of their own. Argo CD applies them once the Deployment, in wave 0, is healthy, and prunes and
   * deletes them first. ServiceMonitor, PodMonitor and PrometheusRule come a wave later, and are left out of the check before the sync: where
   * prometheus-operator is not there yet, everything else is applied, and a retry applies them.
   *
   * @param apiServiceWave Wave of the APIServices, 1 or more. Default: 1
   */
  public static argoCd(apiServiceWave?: number): GitOps {
    return new ArgoCd(apiServiceWave);
  }

  /**
   * Flux: the APIServices go into another chart, for a Kustomization that depends on the server's. Within one Kustomization Flux knows no
   * order beside that of kinds, and applies nothing while one object is refused.
   *
   * @param apiServices Chart for the APIServices, in the same App as the server's
   */
  public static flux(apiServices: Chart): GitOps {
    return new Flux(apiServices);
  }

  protected constructor() {}

  /** @internal Where the APIServices of a construct go. */
  public abstract _place(owner: Construct): ApiServicePlace;

  /** @internal Annotations of objects whose kinds an operator brings that may not be there yet. */
  public _foreignKindAnnotations(): Readonly<Record<string, string>> | undefined {
    return undefined;
  }
}

class ArgoCd extends GitOps {
  constructor(private readonly wave = 1) {
    super();
  }

  public _place(owner: Construct): ApiServicePlace {
    checkInteger(owner, 'gitOps.apiServiceWave', this.wave, 1, Number.MAX_SAFE_INTEGER, ', since wave 0 holds the server');
    return { scope: owner, annotations: syncWave(this.wave) };
  }

  // Argo CD applies nothing of an Application while it does not know one kind in it, and no later wave once one failed.
  public _foreignKindAnnotations(): Readonly<Record<string, string>> {
    return { ...syncWave(this.wave + 1), 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' };
  }
}

function syncWave(wave: number): Readonly<Record<string, string>> {
  return { 'argocd.argoproj.io/sync-wave': String(wave) };
}

class Flux extends GitOps {
  constructor(private readonly apiServices: Chart) {
    super();
  }

  public _place(owner: Construct): ApiServicePlace {
    const { apiServices } = this;
    if (!Chart.isChart(apiServices) || apiServices === Chart.of(owner) || apiServices.node.root !== owner.node.root) {
      refuse(owner, {
        property: 'gitOps.apiServices',
        given: Chart.isChart(apiServices) ? `chart ${apiServices.node.path}` : apiServices,
        allowed: 'a chart other than the server\'s, in the same App',
        mend: 'write GitOps.flux(new Chart(app, \'metrics-server-apis\'))',
      });
    }
    return { scope: apiServices };
  }
}
