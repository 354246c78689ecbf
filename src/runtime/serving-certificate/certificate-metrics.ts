import { expiresMs } from './certificate-checks';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Tells when the certificate that is served expires, so that someone hears of one that nobody renews. */
export function certificateMetrics(registry: MetricRegistry): (pem: string) => void {
  const expiration = registry.gauge({
    name: 'metrics_server_serving_certificate_expiration_timestamp_seconds',
    help: '[ALPHA] Unix time at which the serving certificate expires, in seconds.',
  });
  return (pem) => expiration.set({}, expiresMs(pem) / 1000);
}

/** Tells that the Secret is gone which the next pod will look for: those that run serve on. */
export function servingSecretMetrics(registry: MetricRegistry): (isThere: boolean) => void {
  const present = registry.gauge({
    name: 'metrics_server_serving_certificate_secret_present',
    help: '[ALPHA] 1 while the Secret of the self-managed serving certificate is there, 0 while it is not.',
  });
  return (isThere) => present.set({}, isThere ? 1 : 0);
}
