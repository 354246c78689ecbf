import { Duration } from 'cdk8s';
import {
  ConfigMapRef, ExtensionApiServer, Image, MetricsAdapter, MetricsReader, MetricsServer, MetricsServerProps, Monitoring, MonitorOptions,
  RelabelAction, ScrapeCredentials, SecretRef, ServiceAccountRef, ServingCa, ServingCertificate,
} from '../../src';
import { CA_CERTIFICATE } from '../certificates';
import { objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

const V09 = { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };

function synthesized(props: MetricsServerProps) {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', props);
  return { chart, server, of: (kind: string, name?: string) => objectOf(chart, kind, name) };
}

const serviceMonitor = (options: MonitorOptions = {}, props: MetricsServerProps = {}) =>
  synthesized({ monitoring: Monitoring.serviceMonitor(options), ...props }).of('ServiceMonitor');
const endpoint = (options?: MonitorOptions, props?: MetricsServerProps) => serviceMonitor(options, props).spec.endpoints[0];

describe('a ServiceMonitor', () => {
  test('scrapes over TLS, with a token of its own, and verifies the server as kube-apiserver does', () => {
    const { of } = synthesized({ monitoring: Monitoring.serviceMonitor() });

    expect(of('ServiceMonitor')).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'metrics-server', namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } },
      spec: {
        namespaceSelector: { matchNames: ['kube-system'] },
        selector: { matchLabels: { 'k8s-app': 'metrics-server' } },
        endpoints: [{
          port: 'https',
          path: '/metrics',
          scheme: 'https',
          authorization: { credentials: { name: 'metrics-server-scraper-token', key: 'token' } },
          tlsConfig: { ca: { secret: { name: 'metrics-server-serving-certificate', key: 'ca.crt' } }, serverName: 'metrics-server.kube-system.svc' },
        }],
      },
    });
    expect(of('Secret', 'metrics-server-scraper-token')).toMatchObject({
      type: 'kubernetes.io/service-account-token',
      metadata: { namespace: 'kube-system', annotations: { 'kubernetes.io/service-account.name': 'metrics-server-scraper' } },
    });
    expect(of('ServiceAccount', 'metrics-server-scraper').automountServiceAccountToken).toBe(false);
    expect(of('ClusterRole', 'metrics-server:metrics-reader').rules).toEqual([{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
    expect(of('ClusterRoleBinding', 'metrics-server:metrics-reader')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'metrics-server:metrics-reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'metrics-server-scraper', namespace: 'kube-system' }],
    });
  });

  test('says how often, with which labels, and what is relabeled', () => {
    const monitor = serviceMonitor({
      labels: { release: 'kube-prometheus-stack' },
      interval: Duration.seconds(30),
      scrapeTimeout: Duration.millis(2500),
      relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
      metricRelabelings: [{ action: RelabelAction.DROP, sourceLabels: ['__name__'], regex: 'nodejs_.*' }],
    });

    expect(monitor.metadata.labels).toEqual({ 'k8s-app': 'metrics-server', 'release': 'kube-prometheus-stack' });
    expect(monitor.spec.endpoints[0]).toMatchObject({
      interval: '30s',
      scrapeTimeout: '2500ms',
      relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
      metricRelabelings: [{ action: 'drop', sourceLabels: ['__name__'], regex: 'nodejs_.*' }],
    });
  });

  test('verifies nothing only where kube-apiserver does not either, and a CA is not named', () => {
    expect(endpoint({}, V09).tlsConfig).toEqual({ insecureSkipVerify: true });
    expect(endpoint({ servingCa: ServingCa.configMap(ConfigMapRef.fromName('ca'), 'bundle.pem') }, V09).tlsConfig).toEqual({
      ca: { configMap: { name: 'ca', key: 'bundle.pem' } }, serverName: 'metrics-server.kube-system.svc',
    });
  });

  test.each<[string, ServingCertificate, object]>([
    ['cert-manager makes', ServingCertificate.certManager(), { secret: { name: 'metrics-server-tls', key: 'ca.crt' } }],
    ['is given as text', ServingCertificate.fromSecret(SecretRef.fromName('tls'), { caBundle: CA_CERTIFICATE }), { configMap: { name: 'metrics-server-serving-ca', key: 'ca.crt' } }],
  ])('verifies against the CA that %s', (_, servingCertificate, ca) => {
    const { of, server } = synthesized({ servingCertificate, monitoring: Monitoring.serviceMonitor() });

    expect(of('ServiceMonitor').spec.endpoints[0].tlsConfig).toEqual({ ca, serverName: 'metrics-server.kube-system.svc' });
    expect(server.monitoring!.servingCa?.toJson().data).toEqual('configMap' in ca ? { 'ca.crt': CA_CERTIFICATE } : undefined);
  });

  test('needs to be told the CA where nobody knows it', () => {
    expect(() => endpoint({}, { servingCertificate: ServingCertificate.fromSecret(SecretRef.fromName('tls')) })).toThrow(
      'monitoring.servingCa: given undefined; allowed: the CA that signed the serving certificate; to mend it, name the Secret or ConfigMap that holds it');
  });

  test('leaves roles to whoever makes them', () => {
    const { metricsReader, metricsReaderBinding, monitor } = synthesized({ rbac: false, monitoring: Monitoring.serviceMonitor() }).server.monitoring!;

    expect([metricsReader, metricsReaderBinding]).toEqual([undefined, undefined]);
    expect(monitor).toBeDefined();
  });

  test('of another namespace brings its token there, and needs a CA there', () => {
    const options = { namespace: 'monitoring', servingCa: ServingCa.secret(SecretRef.fromName('copied-ca')) };
    const { of, chart } = synthesized({ monitoring: Monitoring.serviceMonitor(options) });

    expect(of('ServiceMonitor')).toMatchObject({ metadata: { namespace: 'monitoring' }, spec: { namespaceSelector: { matchNames: ['kube-system'] } } });
    expect(of('ServiceMonitor').spec.endpoints[0].tlsConfig.ca).toEqual({ secret: { name: 'copied-ca', key: 'ca.crt' } });
    expect(of('Secret', 'metrics-server-scraper-token').metadata.namespace).toBe('monitoring');
    expect(of('ServiceAccount', 'metrics-server-scraper').metadata.namespace).toBe('monitoring');
    expect(of('ClusterRoleBinding', 'metrics-server:metrics-reader').subjects[0].namespace).toBe('monitoring');
    // The ServiceAccount has to be there when the Secret comes.
    const kinds = (chart.toJson() as { kind: string; metadata: { name: string } }[]).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds.indexOf('ServiceAccount metrics-server-scraper')).toBeLessThan(kinds.indexOf('Secret metrics-server-scraper-token'));
    expect(() => serviceMonitor({ namespace: 'monitoring' })).toThrow(
      'monitoring.servingCa: given undefined; allowed: a CA in namespace monitoring, since Prometheus\' operator does not read the Secret '
      + 'metrics-server-serving-certificate of namespace kube-system for it; to mend it, leave monitoring.namespace out, or copy the CA and name the copy');
  });

  test('finds the Service by labels that never change, which no other may replace', () => {
    const { spec } = serviceMonitor({}, { labels: { version: '1' }, serviceLabels: { team: 'platform' } });

    expect(spec.selector.matchLabels).toEqual({ 'k8s-app': 'metrics-server' });
    expect(() => serviceMonitor({}, { serviceLabels: { 'k8s-app': 'other' } })).toThrow('serviceLabels[\'k8s-app\']: given \'other\'; allowed: \'metrics-server\'');
  });

  test('of metrics-server v0.3, whose port has no name and whose Service has labels of its own', () => {
    const { of } = synthesized({ ...V09, image: Image.upstream('v0.3.6'), monitoring: Monitoring.serviceMonitor() });
    const { spec } = of('ServiceMonitor');

    expect(spec.selector.matchLabels).toEqual({ 'k8s-app': 'metrics-server' });
    expect(of('Service').metadata.labels).toMatchObject({ 'k8s-app': 'metrics-server', 'kubernetes.io/name': 'Metrics-server' });
    expect(spec.endpoints[0].port).toBeUndefined();
  });
});

describe('a PodMonitor', () => {
  test('scrapes the pods, as a ServiceMonitor does what is behind the Service', () => {
    const { of } = synthesized({ selectorLabels: { app: 'ms' }, labels: { team: 'platform' }, monitoring: Monitoring.podMonitor() });

    expect(of('PodMonitor').spec).toEqual({
      namespaceSelector: { matchNames: ['kube-system'] },
      selector: { matchLabels: { app: 'ms' } },
      podMetricsEndpoints: [endpoint()],
    });
  });

  test('needs a port with a name', () => {
    expect(() => synthesized({ ...V09, image: Image.upstream('v0.3.6'), monitoring: Monitoring.podMonitor() })).toThrow('allowed: Monitoring.serviceMonitor()');
  });
});

describe('who scrapes', () => {
  const subjectOf = (credentials: ScrapeCredentials) => {
    const { of, chart } = synthesized({ monitoring: Monitoring.serviceMonitor({ credentials }) });
    const { authorization, bearerTokenFile, tlsConfig } = of('ServiceMonitor').spec.endpoints[0];
    return {
      subject: of('ClusterRoleBinding', 'metrics-server:metrics-reader').subjects[0],
      shown: authorization ?? bearerTokenFile ?? { cert: tlsConfig.cert, keySecret: tlsConfig.keySecret },
      made: chart.toJson().filter(({ metadata }) => /scraper/.test(metadata.name)).map(({ kind }) => kind),
    };
  };

  test('a ServiceAccount that exists, by a token that is made for it', () => {
    expect(subjectOf(ScrapeCredentials.serviceAccountToken(ServiceAccountRef.fromName('prometheus')))).toEqual({
      subject: { kind: 'ServiceAccount', name: 'prometheus', namespace: 'kube-system' },
      shown: { credentials: { name: 'metrics-server-scraper-token', key: 'token' } },
      made: ['Secret'],
    });
  });

  test('Prometheus\' own ServiceAccount, by its pod\'s token', () => {
    expect(subjectOf(ScrapeCredentials.prometheusServiceAccount('prometheus-k8s', 'monitoring'))).toEqual({
      subject: { kind: 'ServiceAccount', name: 'prometheus-k8s', namespace: 'monitoring' },
      shown: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      made: [],
    });
    const monitoring = Monitoring.podMonitor({ credentials: ScrapeCredentials.prometheusServiceAccount('prometheus-k8s', 'monitoring') });
    expect(() => synthesized({ monitoring })).toThrow('with a PodMonitor, which cannot name a file of Prometheus\'');
  });

  test('a token in a Secret', () => {
    const reader = MetricsReader.user('scraper');
    expect(subjectOf(ScrapeCredentials.bearerToken(SecretRef.fromName('s'), { reader, key: 'jwt' }))).toEqual({
      subject: { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'scraper' }, shown: { credentials: { name: 's', key: 'jwt' } }, made: [],
    });
  });

  test('a client certificate in a Secret', () => {
    const reader = MetricsReader.group('scrapers');
    expect(subjectOf(ScrapeCredentials.clientCertificate(SecretRef.fromName('s'), { reader }))).toEqual({
      subject: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'scrapers' },
      shown: { cert: { secret: { name: 's', key: 'tls.crt' } }, keySecret: { name: 's', key: 'tls.key' } },
      made: [],
    });
  });
});

describe('alerts', () => {
  test('of a MetricsAdapter are those of any server, of its certificate, and of its configuration, sources and metrics; of its host, those too', () => {
    const chart = testChart();
    new MetricsAdapter(chart, 'metrics', { namespace: 'monitoring', alertRules: {} });
    const alerts = objectOf(chart, 'PrometheusRule').spec.groups[0].rules.map(({ alert }: { alert: string }) => alert);
    expect(alerts).toEqual([
      'ExtensionApiServerDown', 'ExtensionApiServerErrors', 'ExtensionApiServerRestarts', 'MetricsServerCertificateExpires', 'MetricsServerCertificateSecretMissing',
      'MetricsAdapterConfigurationRefused', 'MetricsAdapterSourceDown', 'MetricsAdapterStaleMetric', 'MetricsAdapterEmptyMetric',
    ]);
    const hosting = testChart();
    const { server } = new MetricsServer(hosting, 'ms', { alertRules: {} });
    new MetricsAdapter(hosting, 'metrics', { host: server });
    expect(objectOf(hosting, 'PrometheusRule').spec.groups[0].rules.map(({ alert }: { alert: string }) => alert)).toEqual(expect.arrayContaining(alerts));
  });

  const rulesOf = (props: MetricsServerProps) => synthesized(props).of('PrometheusRule');
  const expression = (props: MetricsServerProps, name: string): string =>
    rulesOf(props).spec.groups[0].rules.find(({ alert }: { alert: string }) => alert === name)?.expr;

  test('go where Prometheus looks, with the labels that route them', () => {
    const { metadata, spec } = rulesOf({
      alertRules: { namespace: 'monitoring', labels: { release: 'prometheus' }, alertLabels: { team: 'platform' }, without: ['ExtensionApiServerDown'] },
    });

    expect(metadata).toEqual({ name: 'metrics-server', namespace: 'monitoring', labels: { 'k8s-app': 'metrics-server', 'release': 'prometheus' } });
    expect(spec.groups).toHaveLength(1);
    for (const { alert, labels, annotations } of spec.groups[0].rules) {
      expect(alert).not.toBe('ExtensionApiServerDown');
      expect(labels).toEqual({ severity: expect.stringMatching(/^(warning|critical)$/), team: 'platform' });
      expect(annotations.summary).toMatch(/^kube-system\/metrics-server .+\.$/);
    }
  });

  test('name a runbook, ours or one of those that somebody has', () => {
    const [{ alert, annotations }] = rulesOf({ alertRules: { runbookBaseUrl: 'https://wiki.example.com/runbooks/' } }).spec.groups[0].rules;
    expect([alert, annotations.runbook_url]).toEqual(['ExtensionApiServerDown', 'https://wiki.example.com/runbooks/extensionapiserverdown']);
    expect(() => synthesized({ alertRules: { runbookBaseUrl: 'wiki' } })).toThrow(/alertRules\.runbookBaseUrl: given 'wiki'; allowed: a URL that begins with http/);
  });

  test('read the series of the monitor that is there', () => {
    const down = (props: MetricsServerProps) => expression({ alertRules: {}, ...props }, 'ExtensionApiServerDown');
    expect(down({})).toContain('{job="metrics-server",namespace="kube-system"}');
    expect(down({ monitoring: Monitoring.podMonitor() })).toContain('{job="kube-system/metrics-server",namespace="kube-system"}');
    expect(down({ alertRules: {}, prometheusJob: 'mine "2"' })).toContain('{job="mine \\"2\\"",namespace="kube-system"}');
  });

  test.each<[string, MetricsServerProps['alertRules'], RegExp]>([
    ['ExtensionApiServerErrors', { maxErrorRatio: 0.5 }, / > 0\.5$/],
    ['ExtensionApiServerRestarts', { maxRestartsPerHour: 9 }, / > 9$/],
    ['MetricsServerScrapeFailures', { maxScrapeFailureRatio: 0.25 }, / > 0\.25$/],
    ['MetricsServerStaleSamples', { maxSampleAge: Duration.minutes(10) }, / > 600$/],
    ['MetricsServerCertificateExpires', { minCertificateValidity: Duration.days(2) }, / < 172800$/],
  ])('%s has a threshold of one\'s own: %j', (name, alertRules, threshold) => {
    expect(expression({ alertRules }, name)).toMatch(threshold);
    expect(expression({ alertRules: {} }, name)).not.toMatch(threshold);
  });

  test('tell of a Secret that is gone, of replicas that have one', () => {
    expect(expression({ alertRules: {} }, 'MetricsServerCertificateSecretMissing')).toBe(
      'metrics_server_serving_certificate_secret_present{job="metrics-server",namespace="kube-system"} == 0');
    const upstream = { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };
    expect(expression({ alertRules: {}, ...upstream }, 'MetricsServerCertificateSecretMissing')).toBeUndefined();
  });

  test('on a server of one\'s own are those that any such server has', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', { ...WARDLE, servingCertificate: ServingCertificate.selfManaged(), alertRules: {} });
    expect(objectOf(chart, 'PrometheusRule').spec.groups[0].rules.map(({ alert }: { alert: string }) => alert)).toEqual([
      'ExtensionApiServerDown', 'ExtensionApiServerErrors', 'ExtensionApiServerRestarts',
    ]);
  });
});

describe('a dashboard', () => {
  test('is found by Grafana\'s sidecar, and stays the same dashboard', () => {
    const of = (props: MetricsServerProps) => synthesized(props).of('ConfigMap');
    const model = (props: MetricsServerProps) => JSON.parse(of(props).data['kube-system-metrics-server.json']);
    const { metadata } = of({ dashboard: {} });

    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(model({ dashboard: {} })).toMatchObject({ title: 'metrics-server', uid: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(model({ dashboard: { title: 'Cluster metrics' } })).toEqual({ ...model({ dashboard: {} }), title: 'Cluster metrics' });
    expect(of({ dashboard: { namespace: 'grafana', sidecarLabels: { dash: 'yes' }, folder: 'Kubernetes' } }).metadata).toEqual({
      name: 'metrics-server-dashboard', namespace: 'grafana', labels: { 'k8s-app': 'metrics-server', 'dash': 'yes' }, annotations: { grafana_folder: 'Kubernetes' },
    });
  });

  test('places its panels side by side, none over another', () => {
    const { panels } = JSON.parse(synthesized({ dashboard: {} }).of('ConfigMap').data['kube-system-metrics-server.json']);
    const cells = panels.map(({ gridPos: { x, y, w } }: any) => [x, y, x + w <= 24].join());

    expect(new Set(cells).size).toBe(panels.length);
    expect(cells.every((cell: string) => cell.endsWith('true'))).toBe(true);
    expect(new Set(panels.map(({ id }: any) => id)).size).toBe(panels.length);
  });
});

test('nothing of this is there unless it is asked for, and each object is a field where it is', () => {
  expect(synthesized({}).server.monitoring).toBeUndefined();
  const { chart, server } = synthesized({ monitoring: Monitoring.serviceMonitor(), alertRules: {}, dashboard: {} });
  const { monitor, metricsReader, metricsReaderBinding, scraperServiceAccount, scraperToken, alertRules, dashboard } = server.monitoring!;
  const fields = [monitor, metricsReader, metricsReaderBinding, scraperServiceAccount, scraperToken, alertRules, dashboard];

  expect(chart.toJson()).toHaveLength(synthesized({}).chart.toJson().length + fields.length);
  expect(chart.toJson()).toEqual(expect.arrayContaining(fields.map((object) => object!.toJson())));
});
