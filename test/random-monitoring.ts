import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { duration, labels, optional, word } from './random-values';
import { AlertRules, Dashboard, MetricsReader, Monitoring, MonitorOptions, RelabelAction, RelabelConfig, ScrapeCredentials, ServingCa } from '../src';

const reader = fc.constantFrom(
  MetricsReader.user('someone'), MetricsReader.group('some'), MetricsReader.serviceAccount('given-prometheus', 'monitoring'),
);

const relabelings: fc.Arbitrary<RelabelConfig[]> = fc.array(fc.oneof(
  fc.record({
    sourceLabels: fc.array(word), separator: optional(fc.constant('/')), targetLabel: word, regex: optional(fc.constant('(.*)')), replacement: optional(fc.string()),
  }),
  fc.record({ action: fc.constantFrom(RelabelAction.LABEL_DROP, RelabelAction.LABEL_KEEP), regex: word }),
  fc.record({
    action: fc.constant(RelabelAction.HASH_MOD), sourceLabels: fc.array(word), targetLabel: word, modulus: fc.integer({ min: 1, max: 9 }),
  }),
), { maxLength: 3 });

/** A ServiceMonitor's alone: a PodMonitor names no file of Prometheus'. */
const PROMETHEUS = ScrapeCredentials.prometheusServiceAccount('given-prometheus', 'monitoring');

const monitorOptions: fc.Arbitrary<MonitorOptions> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  interval: optional(duration),
  scrapeTimeout: optional(fc.constant(Duration.millis(1))),
  relabelings: optional(relabelings),
  metricRelabelings: optional(relabelings),
  credentials: optional(fc.oneof(
    fc.constantFrom(
      ScrapeCredentials.serviceAccountToken(), ScrapeCredentials.serviceAccountToken({ name: 'given-scraper' }),
      PROMETHEUS,
    ),
    fc.record({ reader, key: optional(word) }).map((options) => ScrapeCredentials.bearerToken({ name: 'given-token' }, options)),
    fc.record({ reader, certificateKey: optional(word), privateKeyKey: optional(fc.constant('key.pem')) })
      .map((options) => ScrapeCredentials.clientCertificate({ name: 'given-certificate' }, options)),
  )),
  servingCa: fc.constantFrom(ServingCa.secret({ name: 'given-ca' }), ServingCa.configMap({ name: 'given-ca' }, 'bundle.pem')),
});

const alertRules: fc.Arbitrary<AlertRules> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  alertLabels: optional(labels),
  without: optional(fc.constant(['ExtensionApiServerRestarts'])),
  runbookBaseUrl: optional(fc.constant('https://wiki.example.com/runbooks/')),
  maxErrorRatio: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  maxRestartsPerHour: optional(fc.nat(9)),
  maxScrapeFailureRatio: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  maxSampleAge: optional(duration),
  minCertificateValidity: optional(duration),
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
    .map(([make, options]) => make(
      make === Monitoring.podMonitor && options.credentials === PROMETHEUS ? { ...options, credentials: undefined } : options,
    ))),
  alertRules: optional(alertRules),
  dashboard: optional(dashboard),
  prometheusJob: optional(fc.string({ minLength: 1 })),
};
