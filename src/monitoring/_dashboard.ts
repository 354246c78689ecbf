import { createHash } from 'crypto';
import { hasWhatItNeeds, MonitoredServer, Needing } from './_monitored-server';

interface Panel extends Needing {
  readonly title: string;
  /** Grafana's name of a unit. */
  readonly unit: string;
  /** Expressions by the legends of their series. */
  readonly queries: (series: string) => Readonly<Record<string, string>>;
}

const rate = (metric: string) => `rate(${metric}[$__rate_interval])`;
const quantile = (q: number, histogram: string) => `histogram_quantile(${q}, sum by (le) (${rate(histogram)}))`;

const PANELS: readonly Panel[] = [
  {
    title: 'Pods that answer Prometheus',
    unit: 'short',
    queries: (series) => ({ pods: `sum(up{${series}})` }),
  },
  {
    title: 'Nodes and containers with metrics',
    unit: 'short',
    needs: ['scraping'],
    queries: (series) => ({ '{{type}}s': `max by (type) (metrics_server_storage_points{${series}})` }),
  },
  {
    title: 'Requests to kubelets',
    unit: 'reqps',
    needs: ['scraping'],
    queries: (series) => ({ 'success: {{success}}': `sum by (success) (${rate(`metrics_server_kubelet_request_total{${series}}`)})` }),
  },
  {
    title: 'Failed requests to kubelets, by reason',
    unit: 'reqps',
    needs: ['scraping', 'companion'],
    queries: (series) => ({ '{{reason}}': `sum by (reason) (${rate(`metrics_server_kubelet_request_failures_total{${series}}`)})` }),
  },
  {
    title: 'Time of one request to a kubelet',
    unit: 's',
    needs: ['scraping'],
    queries: (series) => ({
      'half of them': quantile(0.5, `metrics_server_kubelet_request_duration_seconds_bucket{${series}}`),
      '99 %': quantile(0.99, `metrics_server_kubelet_request_duration_seconds_bucket{${series}}`),
    }),
  },
  {
    title: 'Slowest kubelets',
    unit: 's',
    needs: ['scraping'],
    queries: (series) => ({
      '{{node}}': `topk(10, sum by (node) (${rate(`metrics_server_kubelet_request_duration_seconds_sum{${series}}`)})`
        + ` / sum by (node) (${rate(`metrics_server_kubelet_request_duration_seconds_count{${series}}`)}))`,
    }),
  },
  {
    title: 'Time to scrape all nodes once',
    unit: 's',
    needs: ['scraping'],
    queries: (series) => ({ '99 %': quantile(0.99, `metrics_server_manager_tick_duration_seconds_bucket{${series}}`) }),
  },
  {
    title: 'Age of the samples that were returned',
    unit: 's',
    needs: ['scraping'],
    queries: (series) => ({
      'half of them': quantile(0.5, `metrics_server_api_metric_freshness_seconds_bucket{${series}}`),
      '99 %': quantile(0.99, `metrics_server_api_metric_freshness_seconds_bucket{${series}}`),
    }),
  },
  {
    title: 'Requests to sources of custom and external metrics, by HTTP code or reason',
    unit: 'reqps',
    needs: ['metricSources'],
    queries: (series) => ({ '{{source}} {{code}}': `sum by (source, code) (${rate(`metrics_server_metric_source_request_total{${series}}`)})` }),
  },
  {
    title: 'Age of declared metrics',
    unit: 's',
    needs: ['metricSources'],
    queries: (series) => ({ '{{metric}}': `topk(10, max by (metric) (metrics_server_declared_metric_age_seconds{${series}}))` }),
  },
  {
    title: 'Requests answered, by status',
    unit: 'reqps',
    needs: ['apiserver'],
    queries: (series) => ({ '{{code}}': `sum by (code) (${rate(`apiserver_request_total{${series}}`)})` }),
  },
  {
    title: 'Time to answer, by resource',
    unit: 's',
    needs: ['apiserver'],
    queries: (series) => ({
      '{{verb}} {{resource}} (99 %)':
        `histogram_quantile(0.99, sum by (le, verb, resource) (${rate(`apiserver_request_duration_seconds_bucket{${series},resource!=""}`)}))`,
    }),
  },
  {
    title: 'Requests in flight',
    unit: 'short',
    needs: ['apiserver'],
    queries: (series) => ({ '{{instance}}': `sum by (instance) (apiserver_current_inflight_requests{${series}})` }),
  },
  {
    title: 'CPU',
    unit: 'short',
    queries: (series) => ({ '{{instance}}': rate(`process_cpu_seconds_total{${series}}`) }),
  },
  {
    title: 'Memory',
    unit: 'bytes',
    queries: (series) => ({ '{{instance}}': `process_resident_memory_bytes{${series}}` }),
  },
  {
    title: 'Share of time in which the event loop was busy',
    unit: 'percentunit',
    needs: ['companion'],
    queries: (series) => ({ '{{instance}}': rate(`nodejs_eventloop_active_seconds_total{${series}}`) }),
  },
  {
    title: 'Validity left of the serving certificate',
    unit: 's',
    needs: ['companion'],
    queries: (series) => ({ '{{instance}}': `metrics_server_serving_certificate_expiration_timestamp_seconds{${series}} - time()` }),
  },
];

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const [WIDTH, HEIGHT, COLUMNS] = [12, 8, 2];

/** A dashboard as Grafana's JSON model has it. */
export function dashboardModel(server: MonitoredServer, title: string): object {
  const { name, namespace, series } = server;
  const panels = PANELS.filter((panel) => hasWhatItNeeds(server, panel));
  return {
    // The same at each synth, so that Grafana updates what it has; up to 40 characters.
    uid: createHash('sha256').update(`${namespace}/${name}`).digest('hex').slice(0, 32),
    title,
    tags: ['kubernetes', 'extension-api-server'],
    schemaVersion: 39,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: panels.map(({ title: panelTitle, unit, queries }, i) => ({
      id: i + 1,
      type: 'timeseries',
      title: panelTitle,
      datasource: DATASOURCE,
      gridPos: { x: WIDTH * (i % COLUMNS), y: HEIGHT * Math.floor(i / COLUMNS), w: WIDTH, h: HEIGHT },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: Object.entries(queries(series)).map(([legendFormat, expr], query) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + query), datasource: DATASOURCE, expr, legendFormat,
      })),
    })),
  };
}
