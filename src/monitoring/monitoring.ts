import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkMonitorOptions } from './_monitoring-checks';
import { RelabelConfig } from './relabel-config';
import { ScrapeCredentials } from './scrape-credentials';
import { ServingCa } from './serving-ca';

/** Options of a ServiceMonitor or PodMonitor. */
export interface MonitorOptions {
  /**
   * Namespace of the ServiceMonitor or PodMonitor, and of whatever Secrets and ConfigMaps it refers to.
   *
   * @default - the server's namespace
   */
  readonly namespace?: string;
  /**
   * Further labels of the ServiceMonitor or PodMonitor: those by which Prometheus selects it, such as `release: kube-prometheus-stack`.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Time between two scrapes.
   *
   * @default - Prometheus' own
   */
  readonly interval?: Duration;
  /**
   * Time that a scrape may take, at most `interval`.
   *
   * @default - Prometheus' own
   */
  readonly scrapeTimeout?: Duration;
  /**
   * Relabelings of the target, before it is scraped.
   *
   * @default - none
   */
  readonly relabelings?: RelabelConfig[];
  /**
   * Relabelings of the samples, before they are stored.
   *
   * @default - none
   */
  readonly metricRelabelings?: RelabelConfig[];
  /**
   * What the scraper shows to be let at `/metrics`.
   *
   * @default ScrapeCredentials.serviceAccountToken() - of a ServiceAccount that is synthesized; the rule `scraper-token-never-expires` warns of it
   */
  readonly credentials?: ScrapeCredentials;
  /**
   * What the scraper verifies the server's certificate against.
   *
   * @default - the CA of `servingCertificate`; nothing is verified where kube-apiserver does not verify either
   */
  readonly servingCa?: ServingCa;
}

/**
 * How Prometheus scrapes the server's own metrics: over TLS, with credentials that the server authorizes, and with the server's certificate
 * verified whenever kube-apiserver verifies it.
 *
 * Needs the CustomResourceDefinitions of prometheus-operator.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   monitoring: Monitoring.serviceMonitor({
 *     interval: Duration.seconds(30),
 *     labels: { release: 'kube-prometheus-stack' },
 *   }),
 * });
 */
export class Monitoring {
  /**
   * A ServiceMonitor: Prometheus scrapes the pods behind the Service.
   *
   * @param options Options of the ServiceMonitor
   */
  public static serviceMonitor(options: MonitorOptions = {}): Monitoring {
    return new Monitoring('ServiceMonitor', options);
  }

  /**
   * A PodMonitor: Prometheus scrapes the pods, whether or not they are ready.
   *
   * @param options Options of the PodMonitor
   */
  public static podMonitor(options: MonitorOptions = {}): Monitoring {
    return new Monitoring('PodMonitor', options);
  }

  /** @internal */
  public readonly _kind: 'ServiceMonitor' | 'PodMonitor';
  /** @internal */
  public readonly _options: MonitorOptions;

  private constructor(kind: 'ServiceMonitor' | 'PodMonitor', options: MonitorOptions) {
    this._kind = kind;
    this._options = options;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string): void {
    checkMonitorOptions(scope, property, this._options);
  }
}
