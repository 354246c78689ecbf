import { metricFreshness } from './api/metrics/freshness';
import { metricsGroup, MetricsVersion } from './api/metrics/group-version';
import { metricsHealthChecks } from './api/metrics/health-checks';
import { metricsApi } from './api/metrics/metrics-api';
import { Auditing } from './auditing';
import { Clock, Random, Stop } from './clock';
import { ApiClient } from './cluster/api-client';
import { ClusterConfig } from './cluster/cluster-config';
import { CollectionWatch } from './cluster/collection-watch';
import { LabelSets } from './cluster/label-sets';
import { NodeRecord } from './cluster/node';
import { watchNodes } from './cluster/nodes';
import { PodRecord } from './cluster/pod';
import { watchRunningPods } from './cluster/pods';
import { requestMetrics } from './cluster/request-metrics';
import { ClusterConfigs } from './cluster-configs';
import { nodesPage } from './debug/nodes-page';
import { NamespacedName, Options } from './flags/options';
import { givenSettings } from './given-settings';
import { kubeletClient } from './kubelets';
import { profilingPages } from './profiling/profiling-pages';
import { nodeEvents } from './scrape/node-events';
import { ScrapeOutcome } from './scrape/outcome';
import { registerOutcomeMetrics } from './scrape/outcome-metrics';
import { ScrapeOutcomes } from './scrape/outcomes';
import { ScrapeMetrics } from './scrape/scrape-metrics';
import { Scraper } from './scrape/scraper';
import { ApiServer } from './server/api-server';
import { FEATURES, Feature } from '../_facts/rights';
import { AuthenticationLookup } from './server/authentication/authentication-lookup';
import { delegatingAuthentication } from './server/authentication/delegating-authentication';
import { delegatingAuthorizer } from './server/authorization/authorizer';
import { SubjectAccessReviewAuthorizer } from './server/authorization/subject-access-review';
import { HealthCheck, HealthChecks } from './server/health-check';
import { Paging } from './server/paging';
import { RetryingReviewClient, ReviewClient } from './server/review-client';
import { RightfulClient } from './server/rightful-client';
import { textPage } from './server/router';
import { ServerMetrics } from './server/server-metrics';
import { CaBundle } from './serving-certificate/ca-bundle';
import { CaBundleRemoval } from './serving-certificate/ca-bundle-removal';
import { certificateMetrics, servingSecretMetrics } from './serving-certificate/certificate-metrics';
import { CertificateSource } from './serving-certificate/certificate-source';
import { FileCertificate } from './serving-certificate/file-certificate';
import { OwnApiServiceOptions } from './serving-certificate/own-api-service';
import { SelfManagedCertificate } from './serving-certificate/self-managed-certificate';
import { SelfSignedCertificate } from './serving-certificate/self-signed-certificate';
import { localNames } from './serving-certificate/serving-names';
import { onceSettled } from './serving-certificate/settling';
import { MetricStore } from './store/metric-store';
import { registerStorageMetrics } from './store/storage-metrics';
import { Loggers } from './telemetry/logger';
import { MetricRegistry } from './telemetry/metric-registry';
import { registerProcessMetrics } from './telemetry/process-metrics';
import { METRICS_CONTENT_TYPE } from './telemetry/text-format';
import { VERSION } from './version';

const USER_AGENT = `metrics-server/${VERSION} (${process.platform}/${process.arch})`;

/** Preferred version first. */
const VERSIONS: readonly MetricsVersion[] = ['v1', 'v1beta1'];

/** What the runtime takes from its surroundings. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly loggers: Loggers;
}

/** Puts the parts together; data flows from nodes and pods over the scraper and the store to the API. */
export class MetricsServer {
  private readonly clients = new Map<ClusterConfig, ApiClient>();
  private readonly registry = new MetricRegistry();
  private readonly observeRequests = requestMetrics(this.registry);
  private readonly nodes: CollectionWatch<NodeRecord>;
  private readonly pods: CollectionWatch<PodRecord>;
  private readonly store: MetricStore;
  private readonly outcomes = new ScrapeOutcomes();
  private readonly scraper: Scraper;
  private readonly lookup: AuthenticationLookup;
  private readonly caBundles: readonly CaBundle[];
  private readonly caBundleRemovals: readonly CaBundleRemoval[];
  private readonly health: HealthChecks;
  private readonly certificate: CertificateSource;
  private readonly namedCertificates: readonly FileCertificate[];
  private readonly auditing: Auditing;
  private readonly paging: Paging | undefined;
  private readonly server: ApiServer;
  private stopSettling: Stop | undefined;

  /** @throws Error with one line for the user when a file that the options name cannot be read */
  constructor(private readonly options: Options, configs: ClusterConfigs, private readonly surroundings: Surroundings) {
    const { clock, random, loggers } = surroundings;
    registerProcessMetrics(this.registry, clock);

    const watches = { ...this.surroundingsOf('reflector'), client: this.client(configs.cluster), labels: new LabelSets() };
    this.nodes = watchNodes({ ...watches, onChange: (node) => this.scraper.nodeChanged(node) });
    this.pods = watchRunningPods({ ...watches, containerStates: options.watchContainerStates });

    const resolutionMs = options.metricResolutionMs;
    this.store = new MetricStore({
      clock,
      random,
      resolutionMs,
      maxAgeMs: options.metricRetentionMs,
      keepsSwap: !options.upstreamCompatible,
      onDuplicatePod: ({ pod, node, otherNode }) => loggers('store').warn('Two nodes report the same pod; the later start counts', { pod, node, otherNode }),
    });
    registerStorageMetrics(this.registry, this.store);
    this.scraper = new Scraper({
      ...this.surroundingsOf('scraper'),
      nodes: this.nodes.registry,
      selector: options.kubelet.nodeSelector,
      client: kubeletClient(options.kubelet, configs.cluster, clock),
      sink: this.store,
      outcomes: this.outcomes,
      metrics: new ScrapeMetrics(this.registry, resolutionMs),
      onChange: options.nodeEvents ? this.nodeEvents(this.client(configs.own)) : undefined,
      resolutionMs,
    });
    registerOutcomeMetrics(this.registry, this.outcomes);

    const authentication = this.surroundingsOf('authentication');
    this.lookup = new AuthenticationLookup({
      ...authentication,
      given: givenSettings(options.authentication, clock, authentication.logger),
      client: options.authentication.skipLookup ? undefined : this.client(configs.authentication),
      tolerateFailure: options.authentication.tolerateLookupFailure,
      onChange: (clientCas) => this.server.setClientCas(clientCas),
    });
    const apiServicesOf = (service?: NamespacedName) => this.ownApiServices(this.client(configs.own), service);
    this.caBundles = apiServicesOf(options.selfManagedCertificate?.service).map((one) => new CaBundle(one));
    this.caBundleRemovals = apiServicesOf(options.removeCaBundleOfService).map((one) => new CaBundleRemoval(one));
    this.certificate = this.certificateSource(this.client(configs.own));
    this.namedCertificates = options.serving.namedCertificates.map(({ certFile, keyFile }) => (
      new FileCertificate({ ...this.surroundingsOf('certificate'), certFile, keyFile, flags: `--tls-sni-cert-key=${certFile},${keyFile}` })
    ));
    this.auditing = new Auditing({
      ...this.surroundingsOf('audit'), audit: options.audit, registry: this.registry, userAgent: USER_AGENT, stdout: process.stdout,
    });
    this.health = this.healthChecks();
    this.paging = options.upstreamCompatible ? undefined : new Paging(surroundings);
    this.server = this.apiServer(configs);
  }

  /** Listens as soon as there is a certificate, live and not ready, and becomes ready when everything has come in. */
  async start(): Promise<void> {
    // Before all else: when the port or a file is at fault, the user reads about nothing but that.
    await this.listen();
    this.lookup.start();
    this.nodes.start();
    this.pods.start();
    this.caBundles.forEach((caBundle) => caBundle.start());
    this.settle();
    this.caBundleRemovals.forEach((removal) => removal.start());
    this.scraper.start();
  }

  /** Not ready at once, serving for `--shutdown-delay-duration`, then draining for `drainMs` at most. */
  async stop(drainMs: number): Promise<void> {
    this.server.beginShutdown();
    await new Promise<void>((resolve) => this.surroundings.clock.after(this.options.generic.shutdownDelayMs, resolve));
    await this.server.close(drainMs);
    this.paging?.close();
    await this.auditing.stop();
    this.certificate.stop();
    this.namedCertificates.forEach((certificate) => certificate.stop());
    this.stopSettling?.();
    this.caBundles.forEach((caBundle) => caBundle.stop());
    this.caBundleRemovals.forEach((removal) => removal.stop());
    await this.scraper.stop();
    this.nodes.stop();
    this.pods.stop();
    this.lookup.stop();
    this.clients.forEach((client) => client.close());
  }

  private async listen(): Promise<void> {
    const { bindAddress, namedCertificates, permitPortSharing, securePort } = this.options.serving;
    await this.auditing.start();
    this.server.setClientCas(this.lookup.clientCas());
    const observeCertificate = certificateMetrics(this.registry);
    await new Promise<void>((resolve, reject) => {
      this.certificate.start(({ certificate, key }) => {
        this.server.setServingCertificate({ cert: certificate, key });
        observeCertificate(certificate);
        resolve();
      }).catch(reject);
    });
    for (const [index, { names }] of namedCertificates.entries()) {
      await this.namedCertificates[index].start(({ certificate, key }) => this.server.setNamedCertificate(index, { cert: certificate, key, names }));
    }
    const { address, port } = await this.server.listen({ host: bindAddress, port: securePort, reusePort: permitPortSharing });
    this.surroundings.loggers('server').info('Serving securely', { address, port, version: VERSION });
  }

  private settle(): void {
    if (this.caBundles.length === 0) return;
    const ready = () => this.health.readyz.every((check) => check.check() === undefined);
    this.stopSettling = onceSettled(this.surroundings.clock, ready, () => this.caBundles.forEach((caBundle) => caBundle.settle()));
  }

  private apiServer(configs: ClusterConfigs): ApiServer {
    const { clock, random, logger } = this.surroundingsOf('server');
    const { authentication, authorization, generic, serving, upstreamCompatible } = this.options;
    const metrics = new ServerMetrics(this.registry);
    const freshness = metricFreshness(this.registry);
    const reviews = (config: ClusterConfig, feature: Feature, onAnswer: (code: number | undefined) => void): ReviewClient => (
      new RetryingReviewClient(new RightfulClient(creator(this.client(config), onAnswer), feature, logger), clock, random)
    );
    return new ApiServer({
      clock,
      logger,
      metrics,
      auditor: this.auditing.auditor,
      title: 'Kubernetes metrics-server',
      version: VERSION,
      groupVersions: VERSIONS.map((version) => metricsApi({
        version,
        nodes: this.nodes.registry,
        pods: this.pods.registry,
        usage: this.store,
        clock,
        nodeSelector: this.options.kubelet.nodeSelector,
        freshness,
        selectsByNode: !upstreamCompatible,
      })),
      paging: this.paging,
      healthChecks: this.health,
      pages: {
        '/metrics': textPage(METRICS_CONTENT_TYPE, () => this.registry.render()),
        ...generic.profiling ? profilingPages(clock) : {},
        '/debug/nodes': nodesPage(() => this.scrapedNodes(), this.outcomes),
      },
      authenticator: delegatingAuthentication({
        settings: () => this.lookup.settings(),
        client: reviews(configs.authentication, FEATURES.tokenReviews(), (code) => metrics.tokenReviewAnswered(code)),
        clock,
        tokenTtlMs: authentication.tokenCacheTtlMs,
      }),
      authorizer: delegatingAuthorizer(authorization.alwaysAllowPaths, new SubjectAccessReviewAuthorizer({
        client: reviews(configs.authorization, FEATURES.subjectAccessReviews(), (code) => metrics.accessReviewAnswered(code)),
        clock,
        authorizedTtlMs: authorization.allowCacheTtlMs,
        unauthorizedTtlMs: authorization.denyCacheTtlMs,
      })),
      externalHostname: generic.externalHostname,
      tls: serving.tls,
      http2: serving.http2,
      maxRequestsInFlight: generic.maxRequestsInflight,
      maxMutatingRequestsInFlight: generic.maxMutatingRequestsInflight,
      sendsGoaway: () => random() < generic.goawayChance,
      strictTransportSecurity: generic.strictTransportSecurity,
      corsAllowedOrigins: generic.corsAllowedOrigins,
      requestTimeoutMs: generic.requestTimeoutMs,
      livezGracePeriodMs: generic.livezGracePeriodMs,
      sendsRetryAfter: generic.shutdownSendRetryAfter,
    });
  }

  /**
   * metrics-server waits for nodes, pods and authentication settings before it opens its port; this runtime is live
   * meanwhile and says here what it waits for.
   */
  private healthChecks(): HealthChecks {
    const checks = metricsHealthChecks({
      usage: this.store,
      whyNoMetrics: () => this.outcomes.summary(),
      nodes: this.nodes.registry,
      pods: this.pods.registry,
      lastCycleStartMs: () => this.scraper.lastCycleStartMs,
      resolutionMs: this.options.metricResolutionMs,
      clock: this.surroundings.clock,
    });
    const own: HealthCheck[] = [
      { name: 'authentication-ready', silent: true, check: () => this.lookup.unready() },
      { name: 'serving-certificate-ready', silent: true, check: () => this.certificate.unready() },
    ];
    return { ...checks, readyz: [...checks.readyz, ...own] };
  }

  private scrapedNodes(): readonly NodeRecord[] {
    return this.nodes.registry.list().filter(({ labels }) => this.options.kubelet.nodeSelector.matches(labels.values));
  }

  /** Of a module, whose name its lines of the log carry. */
  private surroundingsOf(module: string) {
    const { clock, random, loggers } = this.surroundings;
    return { clock, random, logger: loggers(module) };
  }

  private nodeEvents(client: ApiClient): (outcome: ScrapeOutcome) => void {
    const surroundings = this.surroundingsOf('events');
    return nodeEvents({ ...surroundings, client: new RightfulClient(creator(client), FEATURES.nodeEvents(), surroundings.logger) });
  }

  private certificateSource(client: ApiClient): CertificateSource {
    const surroundings = this.surroundingsOf('certificate');
    const { serving: { bindAddress, certDir, tlsCertFile, tlsPrivateKeyFile }, selfManagedCertificate } = this.options;
    if (selfManagedCertificate) {
      return new SelfManagedCertificate({
        ...surroundings,
        ...selfManagedCertificate,
        client,
        onCaBundle: (pem) => this.caBundles.forEach((caBundle) => caBundle.want(pem)),
        onSecret: servingSecretMetrics(this.registry),
      });
    }
    if (tlsCertFile !== undefined && tlsPrivateKeyFile !== undefined) {
      const flags = `--tls-cert-file=${tlsCertFile} and --tls-private-key-file=${tlsPrivateKeyFile}`;
      return new FileCertificate({ ...surroundings, certFile: tlsCertFile, keyFile: tlsPrivateKeyFile, flags });
    }
    return new SelfSignedCertificate({ ...surroundings, directory: certDir, names: localNames(bindAddress) });
  }

  private ownApiServices(client: ApiClient, service: NamespacedName | undefined): OwnApiServiceOptions[] {
    return service === undefined ? [] : VERSIONS.map((version) => ({
      ...this.surroundingsOf('certificate'), client, service, apiServiceName: `${version}.${metricsGroup}`,
    }));
  }

  /** Identities that are the same share their connections. */
  private client(config: ClusterConfig): ApiClient {
    const known = this.clients.get(config);
    const client = known ?? new ApiClient({
      config,
      clock: this.surroundings.clock,
      userAgent: USER_AGENT,
      onAnswer: this.observeRequests(config.server.host),
    });
    this.clients.set(config, client);
    return client;
  }
}

function creator(client: ApiClient, onAnswer?: (code: number | undefined) => void): ReviewClient {
  return { create: (path, body, signal) => client.request({ method: 'POST', path, body, signal, onAnswer }) };
}
