import { MetricRegistry } from '../telemetry/metric-registry';

/** One attempt at a request was answered so, or not at all. */
export type RequestObserver = (method: string, code: number | undefined) => void;

/** Counts what is asked of API servers, under client-go's name. */
export function requestMetrics(registry: MetricRegistry): (host: string) => RequestObserver {
  const requests = registry.counter({
    name: 'rest_client_requests_total',
    help: '[ALPHA] Requests to API servers, by the code of their answer.',
    labelNames: ['code', 'host', 'method'],
  });
  return (host) => (method, code) => requests.inc({ code: code === undefined ? '<error>' : String(code), host, method });
}
