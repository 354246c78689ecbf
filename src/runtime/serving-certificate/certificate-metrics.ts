import { expiresMs } from './judge';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Tells when the certificate that is served expires, so that someone hears of one that nobody renews. */
export function certificateMetrics(registry: MetricRegistry): (pem: string) => void {
  const expiration = registry.gauge({
    name: 'metrics_server_serving_certificate_expiration_timestamp_seconds',
    help: '[ALPHA] Unix time at which the serving certificate expires, in seconds.',
  });
  return (pem) => expiration.set({}, expiresMs(pem) / 1000);
}
