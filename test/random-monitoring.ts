import * as fc from 'fast-check';
import { duration, labels, optional, word } from './random-values';
import { AlertRules, Dashboard, MetricsReader, Monitoring, MonitorOptions, RelabelAction, RelabelConfig, ScrapeCredentials, ServingCa } from '../src';

const reader = fc.constantFrom(
  MetricsReader.user('someone'), MetricsReader.group('some'), MetricsReader.serviceAccount('given-prometheus', 'monitoring'),
);

const relabelings: fc.Arbitrary<RelabelConfig[]> = fc.array(fc.oneof(
  fc.record({ sourceLabels: fc.array(word), targetLabel: word, regex: optional(fc.constant('(.*)')), replacement: optional(fc.string()) }),
  fc.record({ action: fc.constantFrom(RelabelAction.LABEL_DROP, RelabelAction.LABEL_KEEP), regex: word }),
  fc.record({
    action: fc.constant(RelabelAction.HASH_MOD), sourceLabels: fc.array(word), targetLabel: word, modulus: fc.integer({ min: 1, max: 9 }),
  }),
), { maxLength: 3 });

const monitorOptions: fc.Arbitrary<MonitorOptions> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  interval: optional(duration),
  relabelings: optional(relabelings),
  metricRelabelings: optional(relabelings),
  credentials: optional(fc.oneof(
    fc.constantFrom(ScrapeCredentials.serviceAccountToken(), ScrapeCredentials.serviceAccountToken({ name: 'given-scraper' })),
    reader.map((whose) => ScrapeCredentials.bearerToken({ name: 'given-token' }, { reader: whose })),
    reader.map((whose) => ScrapeCredentials.clientCertificate({ name: 'given-certificate' }, { reader: whose })),
  )),
  servingCa: fc.constantFrom(ServingCa.secret({ name: 'given-ca' }), ServingCa.configMap({ name: 'given-ca' }, 'bundle.pem')),
});

const alertRules: fc.Arbitrary<AlertRules> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  alertLabels: optional(labels),
  without: optional(fc.constant(['ExtensionApiServerRestarts'])),
  maxErrorRatio: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  maxSampleAge: optional(duration),
});

const dashboard: fc.Arbitrary<Dashboard> = fc.record({
  namespace: optional(word),
  sidecarLabels: optional(labels),
  title: optional(fc.string({ minLength: 1 })),
  folder: optional(word),
});

/** What has to do with a server's own metrics, property by property. */
export const monitoringProps = {
  monitoring: optional(fc.tuple(fc.constantFrom(Monitoring.serviceMonitor, Monitoring.podMonitor), monitorOptions)
    .map(([make, options]) => make(options))),
  alertRules: optional(alertRules),
  dashboard: optional(dashboard),
  prometheusJob: optional(fc.string({ minLength: 1 })),
};
