import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { alertGroups } from './_alerts';
import { dashboardModel } from './_dashboard';
import { MonitoredServer } from './_monitored-server';
import { promDuration } from './_monitoring-checks';
import { MonitoringTarget } from './_monitoring-target';
import { ScrapeCredentialsParts } from './_scrape-credentials';
import { Monitoring } from './monitoring';
import { MonitoringOptions } from './monitoring-options';
import { ScrapeCredentials } from './scrape-credentials';
import { clusterNames } from '../kubernetes/_cluster-names';
import { namespaced } from '../kubernetes/_k8s';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { refuse } from '../validation/_validation';

const API_VERSION = 'monitoring.coreos.com/v1';

/** What watches a server's own metrics: made by `monitoring`, `alertRules` and `dashboard` of an `ExtensionApiServer` or `MetricsServer`. */
export class ServerMonitoring extends Construct {
  /** @internal */
  public static _of(scope: Construct, options: MonitoringOptions, target: MonitoringTarget): ServerMonitoring | undefined {
    if (!options.monitoring && !options.alertRules && !options.dashboard) return undefined;
    return new ServerMonitoring(scope, options, target);
  }

  /** The ServiceMonitor or PodMonitor. */
  public readonly monitor?: ApiObject;
  /** ConfigMap with the CA of the serving certificate, where that was given as text. */
  public readonly servingCa?: ApiObject;
  /** ClusterRole that lets the scraper read `/metrics`, undefined where roles are made elsewhere. */
  public readonly metricsReader?: ApiObject;
  /** ClusterRoleBinding of that role. */
  public readonly metricsReaderBinding?: ApiObject;
  /** The scraper's ServiceAccount, where one is synthesized. */
  public readonly scraperServiceAccount?: ApiObject;
  /** Secret with that ServiceAccount's token. */
  public readonly scraperToken?: ApiObject;
  /** PrometheusRule with the alerts. */
  public readonly alertRules?: ApiObject;
  /** ConfigMap with the dashboard. */
  public readonly dashboard?: ApiObject;

  private constructor(
    scope: Construct, { monitoring, alertRules, dashboard, prometheusJob }: MonitoringOptions, private readonly target: MonitoringTarget,
  ) {
    super(scope, 'Monitoring');
    const { name, namespace, labels, selfMetrics } = target;
    const monitorNamespace = monitoring?._options.namespace ?? namespace;
    if (monitoring) {
      const credentials = this.credentials(monitoring, monitorNamespace);
      this.scraperServiceAccount = credentials.serviceAccount;
      this.scraperToken = credentials.tokenSecret;
      if (target.rbac) {
        const roleMetadata = { name: clusterNames(name, namespace).metricsReader, labels };
        this.metricsReader = clusterRole(this, 'MetricsReader', roleMetadata, [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
        this.metricsReaderBinding = clusterRoleBinding(this, 'MetricsReaderBinding', roleMetadata, roleMetadata.name, credentials.reader);
      }
      if (target.caBundle && !monitoring._options.servingCa) {
        const metadata = { name: `${name}-serving-ca`, namespace: monitorNamespace, labels };
        this.servingCa = namespaced(this, 'ServingCa', { apiVersion: 'v1', kind: 'ConfigMap' }, metadata, { data: { 'ca.crt': target.caBundle } });
      }
      this.monitor = this.createMonitor(monitoring, monitorNamespace, credentials);
    }
    const job = prometheusJob ?? (monitoring?._kind === 'PodMonitor' ? `${monitorNamespace}/${name}` : name);
    const series = `job=${JSON.stringify(job)},namespace=${JSON.stringify(namespace)}`;
    const server = (): MonitoredServer => ({ name, namespace, selfMetrics: selfMetrics(), series });
    if (alertRules) {
      const metadata = {
        name,
        namespace: alertRules.namespace ?? monitorNamespace,
        labels: { ...labels, ...alertRules.labels },
        annotations: target.operatorKindAnnotations,
      };
      this.alertRules = namespaced(this, 'PrometheusRule', { apiVersion: API_VERSION, kind: 'PrometheusRule' }, metadata, {
        spec: { groups: Lazy.any({ produce: () => alertGroups(server(), alertRules) }) },
      });
    }
    if (dashboard) {
      const { sidecarLabels = { grafana_dashboard: '1' }, folder, title = name } = dashboard;
      const metadata = {
        name: `${name}-dashboard`,
        namespace: dashboard.namespace ?? namespace,
        labels: { ...labels, ...sidecarLabels },
        annotations: folder === undefined ? undefined : { grafana_folder: folder },
      };
      this.dashboard = namespaced(this, 'Dashboard', { apiVersion: 'v1', kind: 'ConfigMap' }, metadata, {
        data: { [`${namespace}-${name}.json`]: Lazy.any({ produce: () => JSON.stringify(dashboardModel(server(), title), null, 2) }) },
      });
    }
  }

  private credentials({ _kind: kind, _options: options }: Monitoring, namespace: string): ScrapeCredentialsParts {
    const credentials = options.credentials ?? ScrapeCredentials.serviceAccountToken();
    const { name, labels } = this.target;
    const target = { kind, name, namespace, labels };
    credentials._check(this, 'monitoring.credentials', target);
    return credentials._bind(this, target);
  }

  private createMonitor({ _kind: kind, _options: options }: Monitoring, namespace: string, credentials: ScrapeCredentialsParts): ApiObject {
    const { name, labels, selectorLabels, portName, operatorKindAnnotations: annotations } = this.target;
    if (kind === 'PodMonitor' && portName === undefined) {
      refuse(this, {
        property: 'monitoring',
        given: 'Monitoring.podMonitor() for an image whose container names no port',
        allowed: 'Monitoring.serviceMonitor()',
        mend: 'take a ServiceMonitor, or an image from v0.4 on',
      });
    }
    const endpoint = {
      port: portName,
      path: '/metrics',
      scheme: 'https',
      interval: options.interval && promDuration(options.interval),
      scrapeTimeout: options.scrapeTimeout && promDuration(options.scrapeTimeout),
      ...credentials.endpoint,
      tlsConfig: { ...this.verification(options.servingCa?._wire, namespace), ...credentials.tlsConfig },
      relabelings: options.relabelings?.map((config) => ({ ...config })),
      metricRelabelings: options.metricRelabelings?.map((config) => ({ ...config })),
    };
    return namespaced(this, kind, { apiVersion: API_VERSION, kind }, { name, namespace, labels: { ...labels, ...options.labels }, annotations }, {
      spec: {
        namespaceSelector: { matchNames: [this.target.namespace] },
        selector: { matchLabels: selectorLabels },
        [kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints']: [endpoint],
      },
    });
  }

  /** Fields of tlsConfig that verify the server, by the name of its Service: a certificate does not know the pods' addresses. */
  private verification(givenCa: object | undefined, monitorNamespace: string): object {
    const { name, namespace, insecureSkipTlsVerify, caSecret } = this.target;
    const verified = (ca: object) => ({ ca, serverName: `${name}.${namespace}.svc` });
    if (givenCa) return verified(givenCa);
    if (insecureSkipTlsVerify) return { insecureSkipVerify: true };
    if (this.servingCa) return verified({ configMap: { name: this.servingCa.name, key: 'ca.crt' } });
    if (caSecret && namespace === monitorNamespace) return verified({ secret: caSecret });
    return refuse(this, {
      property: 'monitoring.servingCa',
      given: undefined,
      allowed: caSecret
        ? `a CA in namespace ${monitorNamespace}, since Prometheus' operator does not read the Secret ${caSecret.name} of namespace ${namespace} for it`
        : 'the CA that signed the serving certificate',
      mend: caSecret ? 'leave monitoring.namespace out, or copy the CA and name the copy' : 'name the Secret or ConfigMap that holds it',
    });
  }
}
