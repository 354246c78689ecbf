import { certificateMetrics, servingSecretMetrics } from '../../../src/runtime/serving-certificate/certificate-metrics';
import { createCertificateAuthority, issueServingCertificate } from '../../../src/runtime/serving-certificate/issue';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

test('a scrape tells when the certificate expires that is served now, not when its CA does', async () => {
  const registry = new MetricRegistry();
  const observe = certificateMetrics(registry);
  const ca = await createCertificateAuthority('ca', NOW_MS, 9 * HOUR_MS);
  for (const hours of [1, 2]) {
    const { certificate } = await issueServingCertificate(ca, { dnsNames: ['localhost'], ipAddresses: [] }, NOW_MS, hours * HOUR_MS);
    observe(`${certificate}\n${ca.certificate}`);
    expect(registry.render()).toContain(`metrics_server_serving_certificate_expiration_timestamp_seconds ${(NOW_MS + hours * HOUR_MS) / 1000}\n`);
  }
});

test('a scrape tells whether the Secret is there', () => {
  const registry = new MetricRegistry();
  const observe = servingSecretMetrics(registry);
  for (const isThere of [true, false]) {
    observe(isThere);
    expect(registry.render()).toContain(`metrics_server_serving_certificate_secret_present ${Number(isThere)}\n`);
  }
});
