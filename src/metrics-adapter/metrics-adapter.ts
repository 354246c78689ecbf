import { ApiObject, Duration, Lazy, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { checkMetricName, checkMetricOptions } from './_metric-checks';
import { DescribedObjects, MetricDeclaration } from './_metric-declaration';
import { checkExtraArgs, CONFIGURATION_DIRECTORY, CONFIGURATION_KEY, metricsAdapterArgs } from './_metrics-adapter-args';
import { checkIsCompanion, checkMetricsAdapter, checkMetricsAdapterTogether } from './_metrics-adapter-checks';
import { MetricsReading } from './_metrics-reading';
import { DescribedResource } from './described-resource';
import { ExternalMetric } from './external-metric';
import { ExternalMetricOptions, MetricOptions, ObjectMetricOptions, PodsMetricOptions } from './metric-options';
import { MetricSource } from './metric-source';
import { ObjectMetric } from './object-metric';
import { PodsMetric } from './pods-metric';
import { PolicyRule, RIGHTS } from '../_facts/rights';
import { ApiGroupVersion } from '../api-service/aggregated-api-service';
import { optionsOf } from '../extension-api-server/_extension-api-server-checks';
import { shutdownOf } from '../extension-api-server/_shutdown';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { ExtensionApiServerOptions } from '../extension-api-server/extension-api-server-options';
import { clusterNames } from '../kubernetes/_cluster-names';
import { checkImageRunsOn } from '../kubernetes/_cluster-version';
import { namespaced, namespaceOf } from '../kubernetes/_k8s';
import { MetricsReader } from '../monitoring/metrics-reader';
import { checkLimitsHoldRequests } from '../pod/_pod-checks';
import { mergedResources } from '../pod/_resources';
import { Image } from '../pod/image';
import { ContainerResources } from '../pod/resources';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { checkFactory, refuse } from '../validation/_validation';

/** Properties of `MetricsAdapter`. */
export interface MetricsAdapterProps extends ExtensionApiServerOptions {
  /** Where metrics come from. At least one; the first one is asked where a metric names none. */
  readonly sources: MetricSource[];
  /**
   * Name of the server: of its Deployment, container, Service and ServiceAccount. The names of other objects begin with it, those that are
   * cluster-wide with `<name>.<namespace>`. A DNS label of up to 63 characters that begins with a letter.
   *
   * @default metrics-adapter
   */
  readonly name?: string;
  /**
   * The companion image, or a mirror of it: `Image.custom()` with `compatibleWith: Image.companion()`. Images of metrics-server have no adapter.
   *
   * @default Image.companion()
   */
  readonly image?: Image;
  /**
   * How the metrics are served over TLS.
   *
   * @default ServingCertificate.selfManaged()
   */
  readonly servingCertificate?: ServingCertificate;
  /**
   * Labels that select the pods. A Deployment's selector cannot be changed once it is in a cluster.
   *
   * @default - `app.kubernetes.io/name` with the server's name
   */
  readonly selectorLabels?: { readonly [key: string]: string };
  /**
   * What the server asks for and may not exceed. Each quantity that is given replaces the default one, and empty text removes it.
   *
   * @default - requests 50m CPU and 128Mi memory
   */
  readonly resources?: ContainerResources;
  /**
   * Whether `custom.metrics.k8s.io` leads to this adapter. False where another one has that group, which a cluster has once: then this one has no
   * metrics of pods and objects.
   *
   * @default true
   */
  readonly customMetrics?: boolean;
  /**
   * Whether `external.metrics.k8s.io` leads to this adapter. False where another one has that group, as KEDA has: then this one has no external
   * metrics.
   *
   * @default true
   */
  readonly externalMetrics?: boolean;
  /**
   * Time that a pod that is asked to end goes on serving, though it is not ready any more, so that nobody is sent to it when it stops. In whole
   * seconds, and less than `terminationGracePeriod`; zero for none.
   *
   * @default - 5 s, or none where `terminationGracePeriod` is not longer
   */
  readonly shutdownDelay?: Duration;
  /**
   * Further arguments, as a last resort: `--flag` or `--flag=value`, each an element. A flag that a property can write is refused.
   *
   * @default - none
   */
  readonly extraArgs?: string[];
}

const USUAL_RESOURCES = { requests: { cpu: '50m', memory: '128Mi' } };

/** Autoscalers ask for the preferred version, of which the priority is the highest: `v1beta2`, which tells of a metric's selector in its place. */
const CUSTOM_METRICS: readonly ApiGroupVersion[] = [
  { group: 'custom.metrics.k8s.io', version: 'v1beta2', versionPriority: 200 },
  { group: 'custom.metrics.k8s.io', version: 'v1beta1', versionPriority: 100 },
];
const EXTERNAL_METRICS: readonly ApiGroupVersion[] = [{ group: 'external.metrics.k8s.io', version: 'v1beta1', versionPriority: 100 }];

/**
 * Serves what Prometheus knows to autoscalers: metrics of pods and other objects (`custom.metrics.k8s.io`) and of anything else
 * (`external.metrics.k8s.io`). A metric is declared once, which gives what the adapter asks, the rights for it, and what an autoscaler names:
 * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/custom-metrics.md
 *
 * The declarations are in a ConfigMap that the adapter looks at while it runs: a changed metric is served without a restart, a minute or so after it was
 * applied.
 *
 * @example
 * const metrics = new MetricsAdapter(this, 'metrics', {
 *   sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
 * });
 * const requests = metrics.addPodsMetric('http_requests_per_second', {
 *   query: 'sum by (namespace, pod) (rate(http_requests_total[2m]))',
 * });
 * new ApiObject(this, 'autoscaler', {
 *   apiVersion: 'autoscaling/v2',
 *   kind: 'HorizontalPodAutoscaler',
 *   metadata: { name: 'shop' },
 *   spec: {
 *     scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
 *     maxReplicas: 10,
 *     metrics: [requests.podsMetricSpec({ averageValue: '100' })],
 *   },
 * });
 */
export class MetricsAdapter extends Construct {
  /** The extension API server beneath: Deployment, Service, APIServices, ServiceAccount and what else it synthesizes. */
  public readonly server: ExtensionApiServer;
  /** ConfigMap with the sources and metrics. */
  public readonly configMap: ApiObject;

  private readonly props: MetricsAdapterProps;
  private readonly metrics: MetricDeclaration[] = [];
  private readonly reading: MetricsReading;

  constructor(scope: Construct, id: string, props: MetricsAdapterProps) {
    super(scope, id);
    checkMetricsAdapter(this, '', props);
    this.props = props;
    const { name = 'metrics-adapter', image = Image.companion(), servingCertificate = ServingCertificate.selfManaged() } = props;
    const namespace = namespaceOf(this, props.namespace);
    const facts = image._check(this);
    checkIsCompanion(this, image, facts);
    checkImageRunsOn(this, image.reference, facts, props.clusterVersion);
    checkMetricsAdapterTogether(this, props, namespace);
    const resources = mergedResources(props.resources, USUAL_RESOURCES);
    checkLimitsHoldRequests(this, 'resources', resources);
    const shutdown = shutdownOf(this, props, facts);

    this.server = new ExtensionApiServer(this, 'Server', {
      ...optionsOf(props),
      terminationGracePeriod: shutdown.terminationGracePeriod,
      namespace,
      name,
      servingCertificate,
      image: image.reference,
      groupVersions: [...props.customMetrics === false ? [] : CUSTOM_METRICS, ...props.externalMetrics === false ? [] : EXTERNAL_METRICS],
      selectorLabels: props.selectorLabels,
      resources,
      args: metricsAdapterArgs(this, props.extraArgs, shutdown),
      _subcommand: ['metrics-adapter'],
      _defaults: facts.pod,
      _connections: { kubeletPorts: [], dns: true },
      _checkArgs: checkExtraArgs,
    });
    this.configMap = namespaced(this, 'Configuration', { apiVersion: 'v1', kind: 'ConfigMap' }, {
      name: `${name}-config`, namespace, labels: this.server._labels,
    }, { data: { [CONFIGURATION_KEY]: Lazy.any({ produce: () => this.configuration() }) } });
    this.server.deployment.addDependency(this.configMap);
    this.server._mount({ name: 'configuration', configMap: { name: this.configMap.name } }, CONFIGURATION_DIRECTORY);
    props.sources.forEach((source, i) => source._files.forEach((file) => (
      this.server._mount(file.volume(`source-${i}-${file.folder}`), `${source._directory}/${file.folder}`)
    )));
    this.reading = new MetricsReading(this, clusterNames(name, namespace).customMetricsReader, this.server._labels, () => this.metrics);
    this.node.defaultChild = this.server;
  }

  /**
   * Declares a metric of pods.
   *
   * The result of the query needs the labels `namespace` and `pod`, or those that the options name in their place.
   *
   * @param name Name of the metric: up to 253 letters, digits, _, :, . and -, other than `status` and `finalize`. One metric of pods has it
   * @param options What is asked, and what is made of the answer
   */
  public addPodsMetric(name: string, options: PodsMetricOptions): PodsMetric {
    checkMetricOptions.pods(this, 'options', options);
    const { nameLabel = 'pod', namespaceLabel = 'namespace' } = options;
    return PodsMetric._of(this.declare(name, options, namespaceLabel, { resource: DescribedResource.of('v1', 'Pod', 'pods'), nameLabel }));
  }

  /**
   * Declares a metric of objects that are no pods, such as Ingresses.
   *
   * The result of the query needs the label `namespace` and one with the name of the object, or those that the options name in their place.
   *
   * @param name Name of the metric: up to 253 letters, digits, _, :, . and -, other than `status` and `finalize`. One metric of the resource has it
   * @param options What is asked, of what it is, and what is made of the answer
   */
  public addObjectMetric(name: string, options: ObjectMetricOptions): ObjectMetric {
    checkMetricOptions.object(this, 'options', options);
    const { resource, nameLabel = resource._kind.toLowerCase() } = options;
    const namespaceLabel = resource._isNamespace ? undefined : options.namespaceLabel ?? 'namespace';
    return ObjectMetric._of(this.declare(name, options, namespaceLabel, { resource, nameLabel }));
  }

  /**
   * Declares a metric of no object of the cluster, such as the length of a queue.
   *
   * @param name Name of the metric: up to 253 letters, digits, _, :, . and -, other than `status` and `finalize`. One external metric has it
   * @param options What is asked, and what is made of the answer
   */
  public addExternalMetric(name: string, options: ExternalMetricOptions): ExternalMetric {
    checkMetricOptions.external(this, 'options', options);
    return ExternalMetric._of(this.declare(name, options, options.namespaceLabel));
  }

  /**
   * Lets somebody read every metric of this adapter, and no other one.
   *
   * Autoscalers may do so already: Kubernetes gives that right to `system:serviceaccount:kube-system:horizontal-pod-autoscaler`. Not where
   * kube-controller-manager runs without `--use-service-account-credentials`: there it is `MetricsReader.user('system:kube-controller-manager')` who asks.
   * Nor where somebody took the right away: then it is `MetricsReader.serviceAccount('horizontal-pod-autoscaler', 'kube-system')`.
   *
   * @param reader Who may read
   */
  public grantRead(reader: MetricsReader): void {
    checkFactory(this, 'reader', reader, MetricsReader);
    reader._check(this, 'reader');
    if (this.props.rbac === false) {
      refuse(this, {
        property: 'reader',
        given: 'a reader beside rbac: false',
        allowed: 'where roles are synthesized',
        mend: 'remove grantRead(), and bind the reader where the roles are made',
      });
    }
    this.reading.grant(reader._subject);
  }

  private declare(name: string, options: MetricOptions, namespaceLabel: string | undefined, objects?: DescribedObjects): MetricDeclaration {
    checkMetricName(this, 'name', name);
    this.checkServes(objects === undefined ? 'externalMetrics' : 'customMetrics', name);
    const metric = new MetricDeclaration({ scope: this, sources: this.props.sources }, name, options, namespaceLabel, objects);
    if (this.metrics.some(({ key }) => key === metric.key)) {
      const ofWhat = objects ? `metric of ${objects.resource._groupResource}` : 'external metric';
      refuse(this, { property: 'name', given: name, allowed: `a name that no other ${ofWhat} has`, mend: 'rename one of the two, or remove it' });
    }
    this.metrics.push(metric);
    if (objects) this.letListObjects();
    return metric;
  }

  private checkServes(property: 'customMetrics' | 'externalMetrics', name: string): void {
    if (this.props[property] !== false) return;
    refuse(this, {
      property: 'name',
      given: `${name} beside ${property}: false`,
      allowed: 'metrics of APIs that lead to this adapter',
      mend: `remove ${property}: false, or declare the metric where that API leads to`,
    });
  }

  /** Autoscalers choose objects by their labels: the adapter asks for the names of those, and for nothing else. */
  private letListObjects(): void {
    if (this.props.rbac === false || this.node.tryFindChild('DescribedObjects')) return;
    const { name, namespace, serviceAccountRef, _labels: labels } = this.server;
    const metadata = { name: clusterNames(name, namespace).describedObjects, labels };
    clusterRole(this, 'DescribedObjects', metadata, Lazy.any({ produce: () => this.describedObjectsRules() }));
    clusterRoleBinding(this, 'DescribedObjectsBinding', metadata, metadata.name, { name: serviceAccountRef.name, namespace });
  }

  private describedObjectsRules(): PolicyRule[] {
    const resources = this.metrics.flatMap(({ objects }) => objects?.resource ?? []);
    return [...new Map(resources.map((resource) => [resource._groupResource, resource])).values()]
      .flatMap(({ _group, _resource }) => RIGHTS.describedObjects(_group, _resource));
  }

  private configuration(): string {
    const sources = this.props.sources.map(({ _configuration }) => _configuration);
    return Yaml.stringify({ sources, metrics: this.metrics.map(({ configuration }) => configuration) });
  }
}
