import { ApiObject, Lazy, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { ApiGroups, SERVED_GROUP_VERSIONS } from './_api-groups';
import { refuseTooLarge } from './_configuration-size';
import { checkDiscoveryRule, checkExternalDiscoveryRule } from './_discovery-rule-checks';
import { DiscoveryRules } from './_discovery-rules';
import { checkBesideHost } from './_host-checks';
import { checkHasSource, checkMetricName, checkMetricOptions, checkSourceOf } from './_metric-checks';
import { DescribedObjects, MetricDeclaration, MetricPlace } from './_metric-declaration';
import { authorizedTtlBeside, checkExtraArgs, CONFIGURATION_ARG, CONFIGURATION_DIRECTORY, CONFIGURATION_KEY, metricsAdapterArgs } from './_metrics-adapter-args';
import { checkEgress, checkIsCompanion, checkMetricsAdapter, checkMetricsAdapterTogether } from './_metrics-adapter-checks';
import { ObjectReading } from './_object-reading';
import { Origin } from './_origin';
import { SourceVolume } from './_source-volume';
import { DescribedResource } from './described-resource';
import { DiscoveryRule, ExternalDiscoveryRule } from './discovery-rule';
import { ExternalMetric } from './external-metric';
import { ExternalMetricOptions, MetricOptions, ObjectMetricOptions, PodsMetricOptions } from './metric-options';
import { MetricSource } from './metric-source';
import { MetricsAdapterProps } from './metrics-adapter-props';
import { ObjectMetric } from './object-metric';
import { OtherAdapter } from './other-adapter';
import { PodsMetric } from './pods-metric';
import { PolicyRule, RIGHTS } from '../_facts/rights';
import { SelfMetrics } from '../_facts/self-metrics';
import { optionsOf } from '../extension-api-server/_extension-api-server-checks';
import { shutdownOf } from '../extension-api-server/_shutdown';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { clusterNames } from '../kubernetes/_cluster-names';
import { checkImageRunsOn } from '../kubernetes/_cluster-version';
import { namespaced, namespaceOf } from '../kubernetes/_k8s';
import { Reading } from '../monitoring/_reading';
import { MetricsReader } from '../monitoring/metrics-reader';
import { checkLimitsHoldRequests } from '../pod/_pod-checks';
import { mergedResources } from '../pod/_resources';
import { Image } from '../pod/image';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { refuse } from '../validation/_validation';

const USUAL_RESOURCES = { requests: { cpu: '50m', memory: '128Mi' } };

/** What a server tells of itself that serves a configuration. */
const CONFIGURED: readonly SelfMetrics[] = ['metricSources'];

/**
 * Serves what Prometheus knows, and by `MetricOrigin` what it does not, to autoscalers: metrics of pods and other objects (`custom.metrics.k8s.io`) and of anything else
 * (`external.metrics.k8s.io`). A metric is declared once, which gives what the adapter asks, the rights for it, and what an autoscaler names:
 * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/custom-metrics.md
 *
 * That somebody may read a metric is remembered for five minutes: a right that is taken away lives on so long. `extraArgs` with
 * `--authorization-webhook-cache-authorized-ttl=10s` makes it the time of other extension API servers, for a review by kube-apiserver with nearly every question of an
 * autoscaler. What is refused is asked again after 10 seconds. With `host` it is so of all that the host serves, unless the host's `extraArgs` say the time.
 *
 * An API group leads here once something of it is declared: until then it is left to whoever has it, as KEDA has `external.metrics.k8s.io`.
 *
 * The declarations are in a ConfigMap that the adapter looks at while it runs: a changed metric is served without a restart, a minute or so after it was
 * applied.
 *
 * @example
 * const metrics = new MetricsAdapter(this, 'metrics', {
 *   sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
 * });
 * const requests = metrics.addPodsMetric('http_requests_per_second', {
 *   query: 'sum by (namespace, pod) (rate(http_requests_total[4m]))',
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
  /** The extension API server beneath, or the host: Deployment, Service, APIServices, ServiceAccount and what else it synthesizes. */
  public readonly server: ExtensionApiServer;
  /** ConfigMap with the sources and metrics. */
  public readonly configMap: ApiObject;

  private readonly props: MetricsAdapterProps;
  private readonly apiGroups: ApiGroups;
  private readonly sources: readonly MetricSource[];
  private readonly adapters: readonly OtherAdapter[];
  private readonly metrics: MetricDeclaration[] = [];
  private readonly rules: DiscoveryRules;
  private readonly reading: Reading;
  private readonly explaining: Reading;
  private readonly objectReading: ObjectReading;
  private readonly sourceVolume: SourceVolume;

  constructor(scope: Construct, id: string, props: MetricsAdapterProps) {
    super(scope, id);
    checkMetricsAdapter(this, '', props);
    this.props = props;
    this.sources = props.sources ?? [];
    this.adapters = props.adapters ?? [];
    this.rules = new DiscoveryRules(props.resourceRules);
    const { host } = props;
    const namespace = host?.namespace ?? namespaceOf(this, props.namespace);
    if (host) checkBesideHost(this, host, props);
    checkMetricsAdapterTogether(this, props, namespace);
    if (host) host.addArgs(CONFIGURATION_ARG, ...authorizedTtlBeside(host._args));
    this.server = host ?? this.ownServer(props, namespace);
    if (host) host._serve(SERVED_GROUP_VERSIONS, CONFIGURED);
    this.apiGroups = new ApiGroups(this, this.server, props);
    const { name, _labels: labels } = this.server;
    // A ConfigMap <name>-config is the nanny's in many clusters.
    const metadata = { name: host ? `${name}-adapter-config` : `${name}-config`, namespace, labels };
    this.configMap = namespaced(this, 'Configuration', { apiVersion: 'v1', kind: 'ConfigMap' }, metadata, {
      data: { [CONFIGURATION_KEY]: Lazy.any({ produce: () => this.configuration() }) },
    });
    refuseTooLarge(this.configMap);
    this.server.deployment.addDependency(this.configMap);
    this.server._mount({ name: 'configuration', configMap: { name: this.configMap.name } }, CONFIGURATION_DIRECTORY);
    this.sourceVolume = new SourceVolume(this.server);
    this.sourceVolume.add([...this.sources, ...this.adapters].flatMap(({ _access }) => _access.files));
    this.letAskAdapters();
    const { customMetricsReader, metricsExplainer } = clusterNames(name, namespace);
    const place = { scope: this, labels, rbac: this.server._rbac, deployment: this.server.deployment };
    this.reading = new Reading(place, 'MetricsReader', customMetricsReader, () => this.readRules());
    this.explaining = new Reading(place, 'MetricsExplainer', metricsExplainer, () => [{ nonResourceURLs: ['/debug/metrics/*'], verbs: ['get'] }]);
    this.objectReading = new ObjectReading(this, this.server);
    this.node.defaultChild = this.server;
  }

  /**
   * Declares a metric of pods.
   *
   * The result needs the labels `namespace` and `pod`, or those that the options name in their place.
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
   * The result needs the label `namespace` and one with the name of the object, or those that the options name in their place.
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
    return ExternalMetric._of(this.declare(name, options, options.namespaceLabel, undefined, options.namespaces));
  }

  /**
   * Adds a rule of prometheus-adapter: metrics of objects, one for each series that is found, as it would serve them. Where the metrics are known, `addPodsMetric()`
   * and `addObjectMetric()` cost Prometheus less and fail at synth.
   *
   * @param rule What is found, what it is called, and what is asked
   */
  public addDiscoveryRule(rule: DiscoveryRule): void {
    checkDiscoveryRule(this, 'rule', rule);
    this.checkRule('customMetrics', rule);
    this.rules.add(rule);
    this.apiGroups.register('customMetrics');
    if (this.rules.describedObjects.length > 0) this.letListObjects();
  }

  /**
   * Adds a rule of prometheus-adapter for external metrics. Where the metrics are known, `addExternalMetric()` costs Prometheus less and fails at synth.
   *
   * @param rule What is found, what it is called, and what is asked
   */
  public addExternalDiscoveryRule(rule: ExternalDiscoveryRule): void {
    checkExternalDiscoveryRule(this, 'rule', rule);
    this.checkRule('externalMetrics', rule);
    this.rules.addExternal(rule);
    this.apiGroups.register('externalMetrics');
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
    this.reading.grant(reader);
  }

  /**
   * Lets somebody ask where values come from: `metrics-server explain`, and what it reads, `/debug/metrics/` of the server. Whoever may do so reads the metrics of every
   * namespace, with their queries. In the pod, `explain` asks as the server's own ServiceAccount, `MetricsReader.serviceAccount('metrics-adapter', 'monitoring')`; with a
   * kubeconfig, as its user.
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/autoscalers.md#where-a-value-comes-from
   *
   * @param reader Who may ask
   */
  public grantExplain(reader: MetricsReader): void {
    this.explaining.grant(reader);
  }

  private get place(): MetricPlace {
    return {
      scope: this,
      namespace: this.server.namespace,
      sources: this.sources.filter(({ _isPrometheus }) => _isPrometheus),
      httpSources: this.sources.filter(({ _isPrometheus }) => !_isPrometheus),
      declared: this.metrics.map(({ name }) => name),
    };
  }

  private ownServer(props: MetricsAdapterProps, namespace: string): ExtensionApiServer {
    const { name = 'metrics-adapter', image = Image.companion(), servingCertificate = ServingCertificate.selfManaged() } = props;
    const facts = image._check(this);
    checkIsCompanion(this, image, facts);
    checkImageRunsOn(this, image.reference, facts, props.clusterVersion);
    const resources = mergedResources(props.resources, USUAL_RESOURCES);
    checkLimitsHoldRequests(this, 'resources', resources);
    const shutdown = shutdownOf(this, props, facts);
    return new ExtensionApiServer(this, 'Server', {
      ...optionsOf(props),
      terminationGracePeriod: shutdown.terminationGracePeriod,
      namespace,
      name,
      servingCertificate,
      image: image.reference,
      groupVersions: props.resourceRules ? facts.apiVersions.map((version) => ({ group: 'metrics.k8s.io', version })) : [],
      clusterRules: props.resourceRules && RIGHTS.inventory(),
      selectorLabels: props.selectorLabels,
      resources,
      args: metricsAdapterArgs(this, props.extraArgs, shutdown),
      _mayServe: SERVED_GROUP_VERSIONS,
      _subcommand: ['metrics-adapter'],
      _selfMetrics: ['apiserver', 'companion', ...CONFIGURED],
      // As prometheus-adapter: the class of a metrics server is for what no cluster runs without, and quotas may keep it to kube-system.
      _defaults: { ...facts.pod, priorityClassName: undefined },
      _connections: { kubeletPorts: [], dns: true },
      _checkArgs: checkExtraArgs,
    });
  }

  private declare(
    name: string, options: MetricOptions, namespaceLabel: string | undefined, objects?: DescribedObjects, namespaces?: readonly string[],
  ): MetricDeclaration {
    checkMetricName(this, 'name', name);
    const api = objects === undefined ? 'externalMetrics' : 'customMetrics';
    this.apiGroups.check(api, 'name', name);
    const metric = new MetricDeclaration(this.place, name, options, namespaceLabel, objects, namespaces);
    if (this.metrics.some(({ key }) => key === metric.key)) {
      const ofWhat = objects ? `metric of ${objects.resource._groupResource}` : 'external metric';
      refuse(this, { property: 'name', given: name, allowed: `a name that no other ${ofWhat} has`, mend: 'rename one of the two, or remove it' });
    }
    const made = this.metrics.find(({ origin }) => origin?.references?.includes(name));
    if (made) refuse(this, { property: 'name', given: name, allowed: `a name of its own, since ${made.name} is made of ${name}`, mend: 'rename one of the two' });
    if (metric.origin) this.letRead(metric.origin);
    this.metrics.push(metric);
    this.apiGroups.register(api);
    if (objects) this.letListObjects();
    return metric;
  }

  /** Rights and files of where values come from. */
  private letRead(origin: Origin): void {
    const { right } = origin;
    if (right && this.server._rbac) this.objectReading.grant(right.namespace, right.rule);
    if (!origin.access) return;
    checkEgress(this, this.props);
    this.sourceVolume.add(origin.access.files);
  }

  private checkRule(api: 'customMetrics' | 'externalMetrics', { seriesQuery, source }: DiscoveryRule): void {
    this.apiGroups.check(api, 'rule.seriesQuery', seriesQuery);
    const { sources } = this.place;
    if (source) checkSourceOf(this, 'rule.source', sources, source);
    else checkHasSource(this, sources);
  }

  /** Autoscalers choose objects by their labels: the adapter asks for the names of those, and for nothing else. */
  private letListObjects(): void {
    if (this.node.tryFindChild('DescribedObjects')) return;
    this.letServer('DescribedObjects', 'describedObjects', Lazy.any({ produce: () => this.describedObjectsRules() }));
  }

  /** Those that know the adapter by its ServiceAccount answer what that one may read. */
  private letAskAdapters(): void {
    if (!this.adapters.some(({ _takesServiceAccount }) => _takesServiceAccount)) return;
    this.letServer('OtherAdapters', 'otherAdapters', RIGHTS.otherAdapters(this.apiGroups.has('customMetrics'), this.apiGroups.has('externalMetrics')));
  }

  /** A right in the whole cluster. */
  private letServer(id: string, role: 'describedObjects' | 'otherAdapters', rules: PolicyRule[]): void {
    const { name, namespace, deployment, serviceAccountRef, _labels: labels, _rbac: rbac } = this.server;
    if (!rbac) return;
    const metadata = { name: clusterNames(name, namespace)[role], labels };
    deployment.addDependency(
      clusterRole(this, id, metadata, rules),
      clusterRoleBinding(this, `${id}Binding`, metadata, metadata.name, { name: serviceAccountRef.name, namespace }),
    );
  }

  private describedObjectsRules(): PolicyRule[] {
    const declared = this.metrics.flatMap(({ objects }) => objects ? [[objects.resource._group, objects.resource._resource] as const] : []);
    const resources = [...declared, ...this.rules.describedObjects];
    return [...new Map(resources.map((resource) => [resource.join('/'), resource])).values()].flatMap(([group, resource]) => RIGHTS.describedObjects(group, resource));
  }

  private readRules(): PolicyRule[] {
    return [...this.metrics.map(({ readRule }) => readRule), ...this.rules.readRules];
  }

  private configuration(): string {
    return Yaml.stringify({
      // The first one is asked where a metric names none.
      ...this.sources.length > 0 && { sources: [...this.place.sources, ...this.place.httpSources].map(({ _configuration }) => _configuration) },
      metrics: this.metrics.map(({ configuration }) => configuration),
      ...this.rules.configuration,
      ...this.adapters.length > 0 && { adapters: this.adapters.map(({ _configuration }) => _configuration) },
    });
  }
}
