import { MetricSource } from './metric-source';
import { SeriesFilter } from './series-filter';

/** Which labels of series name objects of Kubernetes, as prometheus-adapter has it under `resources`. */
export interface ResourceAssociation {
  /**
   * Resources by label, in the plural, with their group behind a dot where they have one: `{ pod: 'pods', ingress: 'ingresses.networking.k8s.io' }`.
   * Of two labels for one resource, the first in the alphabet counts.
   *
   * @default - none
   */
  readonly resources?: { readonly [label: string]: string };
  /**
   * Template of the label of any other resource, by `.Group` and `.Resource`, such as `kube_<<.Resource>>`. The adapter may then list namespaces, pods and
   * services as well.
   *
   * @default - no other label names a resource
   */
  readonly resourceTemplate?: string;
}

/** Options of `MetricsAdapter.addDiscoveryRule()`: what prometheus-adapter has under `rules`. */
export interface DiscoveryRule extends ResourceAssociation {
  /** Selector of the series that metrics are made of, such as `http_requests_total{namespace!=""}`. */
  readonly seriesQuery: string;
  /**
   * Template of the PromQL that is asked at each request, by `.Series`, `.LabelMatchers`, `.LabelValuesByName`, `.GroupBy` and `.GroupBySlice` between `<<` and
   * `>>`. Where it holds `<<.Series>>`, `<<.LabelMatchers>>` and `<<.GroupBy>>` alone, it is read at synth by the grammar of Prometheus.
   */
  readonly metricsQuery: string;
  /**
   * Conditions on the names of the series. All have to hold.
   *
   * @default - none
   */
  readonly seriesFilters?: SeriesFilter[];
  /**
   * Regular expression that the name of a series has to match, and whose groups `nameAs` uses.
   *
   * @default - any name
   */
  readonly nameMatches?: string;
  /**
   * Name of the metric, with `$1` or `${1}` for the first group of `nameMatches`.
   *
   * @default - the only group of `nameMatches`, or the name of the series
   */
  readonly nameAs?: string;
  /**
   * Source that is asked, of those of the adapter.
   *
   * @default - the first one of the adapter
   */
  readonly source?: MetricSource;
}

/** Options of `MetricsAdapter.addExternalDiscoveryRule()`: what prometheus-adapter has under `externalRules`. */
export interface ExternalDiscoveryRule extends DiscoveryRule {
  /**
   * Whether only series of the autoscaler's namespace are asked for.
   *
   * @default true
   */
  readonly namespaced?: boolean;
}
