import { asText, list, Manifest, record, sameNamespace, selects, texts, valueAt } from './_manifest';
import { ManifestSet, servingContainers, Workload } from './_manifest-set';
import { isAlwaysAllowed } from './_pod-rules';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';

/** Fields of a prometheus-operator endpoint that say who scrapes. */
const CREDENTIALS = ['authorization', 'bearerTokenFile', 'bearerTokenSecret', 'basicAuth', 'oauth2'];

/** Rules about who scrapes the metrics of extension API servers. */
export const MONITORING_RULES: readonly Rule[] = [
  {
    // Extension API servers authorize /metrics as they do everything else; metrics-server's Helm chart has no way to say who scrapes.
    id: 'scrape-without-authorization',
    level: RuleLevel.ERROR,
    title: 'a ServiceMonitor or PodMonitor that does not say who scrapes',
    reason: 'The server authorizes /metrics, so a scrape without credentials is answered 403 and the target stays down.',
    mend: 'set authorization on the endpoint, with a token whose user may get the nonResourceURL /metrics',
    kinds: ['ServiceMonitor', 'PodMonitor'],
    check: (set) => endpoints(set).flatMap(({ monitor, at, endpoint, containers }) => {
      const path = String(endpoint.path ?? '/metrics');
      if (hasCredentials(endpoint) || !containers.some((container) => !isAlwaysAllowed(container, path))) return [];
      return [{ object: monitor, path: `${at}.authorization`, given: undefined }];
    }),
  },
  {
    // As metrics-server's Helm chart has it, whatever certificate the server serves.
    id: 'scrape-without-verification',
    level: RuleLevel.INSECURE,
    title: 'a ServiceMonitor or PodMonitor that does not verify the server',
    reason: 'Whoever answers in the server\'s place is shown the scraper\'s token, and says what is measured.',
    mend: 'set tlsConfig.ca to the CA of the serving certificate, serverName to <service>.<namespace>.svc, and remove insecureSkipVerify',
    kinds: ['ServiceMonitor', 'PodMonitor'],
    check: (set) => endpoints(set).filter(({ endpoint }) => record(endpoint.tlsConfig).insecureSkipVerify === true)
      .map(({ monitor, at }) => ({ object: monitor, path: `${at}.tlsConfig.insecureSkipVerify`, given: true })),
  },
  {
    // kube-controller-manager fills such a Secret with a token that is valid until the Secret is deleted.
    id: 'scraper-token-never-expires',
    level: RuleLevel.WARNING,
    title: 'a ServiceMonitor or PodMonitor shows a token that never expires',
    reason: 'A token in a Secret of type kubernetes.io/service-account-token is valid until the Secret is deleted: whoever has read it once may read '
      + '/metrics for ever.',
    mend: 'show the token that the kubelet renews for Prometheus\' own pod, in our constructs ScrapeCredentials.prometheusServiceAccount(); '
      + 'acknowledge it where Prometheus may not read files, or scrapes by a PodMonitor',
    kinds: ['Secret'],
    check: (set) => [...new Set(endpoints(set).flatMap(({ monitor, endpoint }) => set.ofKind('Secret')
      .filter(({ metadata }) => tokenSecretsOf(endpoint).includes(metadata.name) && sameNamespace(metadata.namespace, monitor.metadata.namespace))
      .filter(({ type }) => type === 'kubernetes.io/service-account-token')))]
      .map((secret) => ({ object: secret, path: 'type', given: secret.type })),
  },
];

/** Secrets that an endpoint takes its token from. */
function tokenSecretsOf({ authorization, bearerTokenSecret }: Readonly<Record<string, unknown>>): unknown[] {
  return [valueAt(authorization, 'credentials', 'name'), valueAt(bearerTokenSecret, 'name')];
}

/** Endpoints of the monitors that scrape a server. */
function endpoints(set: ManifestSet) {
  return set.ofKind('ServiceMonitor', 'PodMonitor').flatMap((monitor) => {
    const containers = scrapedServers(set, monitor).flatMap(servingContainers);
    const field = monitor.kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints';
    return containers.length === 0 ? [] : list(valueAt(monitor, 'spec', field)).map((endpoint, i) => (
      { monitor, at: `spec.${field}[${i}]`, endpoint: record(endpoint), containers }));
  });
}

function hasCredentials(endpoint: Readonly<Record<string, unknown>>): boolean {
  const { cert, certFile } = record(endpoint.tlsConfig);
  return CREDENTIALS.some((field) => endpoint[field] !== undefined) || cert !== undefined || certFile !== undefined;
}

/** Servers behind a monitor: those behind the Services that a ServiceMonitor selects, or those whose pods a PodMonitor selects. */
function scrapedServers(set: ManifestSet, monitor: Manifest): Workload[] {
  const selector = valueAt(monitor, 'spec', 'selector');
  if (monitor.kind === 'PodMonitor') {
    return set.servers.filter(({ namespace, podLabels }) => inReach(monitor, namespace) && selects(selector, podLabels));
  }
  return set.ofKind('Service')
    .filter(({ metadata }) => inReach(monitor, metadata.namespace) && selects(selector, metadata.labels))
    .flatMap((service) => set.selectedBy(service))
    .filter((workload) => set.servers.includes(workload));
}

/** Whether a monitor looks into a namespace: its own, unless namespaceSelector says otherwise. */
function inReach(monitor: Manifest, namespace: unknown): boolean {
  const { any, matchNames } = record(valueAt(monitor, 'spec', 'namespaceSelector'));
  if (any === true) return true;
  const names = texts(matchNames);
  return names.length > 0 ? namespace === undefined || names.includes(asText(namespace)) : sameNamespace(monitor.metadata.namespace, namespace);
}
