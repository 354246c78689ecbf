import { Auditing } from './auditing';
import { Stop } from './clock';
import { FEATURES, Feature } from '../_facts/rights';
import { ApiClient } from './cluster/api-client';
import { ApiClients } from './cluster/api-clients';
import { ClusterConfig } from './cluster/cluster-config';
import { ClusterConfigs } from './cluster-configs';
import { flagPages } from './debug/flag-pages';
import { NamespacedName, ServerOptions } from './flags/options';
import { givenSettings } from './given-settings';
import { profilingPages } from './profiling/profiling-pages';
import { ApiServer, ApiServerOptions } from './server/api-server';
import { AuthenticationLookup } from './server/authentication/authentication-lookup';
import { delegatingAuthentication } from './server/authentication/delegating-authentication';
import { delegatingAuthorizer } from './server/authorization/authorizer';
import { SubjectAccessReviewAuthorizer } from './server/authorization/subject-access-review';
import { FairReviewClient } from './server/fair-review-client';
import { HealthCheck, HealthChecks } from './server/health-check';
import { MissingRightWarnings } from './server/missing-right-warnings';
import { RetryingReviewClient, ReviewClient, reviewsOf } from './server/review-client';
import { textPage } from './server/router';
import { Review, ServerMetrics } from './server/server-metrics';
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
import { Surroundings, surroundingsOf } from './surroundings';
import { MetricRegistry } from './telemetry/metric-registry';
import { METRICS_CONTENT_TYPE } from './telemetry/text-format';

/** What is served, to whom, and how it is told apart from other servers. */
export interface ExtensionServerOptions extends Pick<ApiServerOptions, 'groupVersions' | 'healthChecks' | 'pages' | 'paging' | 'title' | 'version'> {
  readonly options: ServerOptions;
  readonly configs: Omit<ClusterConfigs, 'cluster'>;
  readonly clients: ApiClients;
  readonly registry: MetricRegistry;
  readonly userAgent: string;
}

/** An extension API server as its command line asks for it: the generic one with certificates, delegated authentication and authorization, audit. */
export class ExtensionServer {
  private readonly lookup: AuthenticationLookup;
  private readonly caBundles: readonly CaBundle[];
  private readonly caBundleRemovals: readonly CaBundleRemoval[];
  private readonly health: HealthChecks;
  private readonly certificate: CertificateSource;
  private readonly namedCertificates: readonly FileCertificate[];
  private readonly auditing: Auditing;
  private readonly server: ApiServer;
  private stopSettling: Stop | undefined;

  /** @throws Error with one line for the user when a file that the options name cannot be read */
  constructor(private readonly given: ExtensionServerOptions, private readonly surroundings: Surroundings) {
    const { options, configs, clients, healthChecks, registry, userAgent } = given;
    const authentication = surroundingsOf(surroundings, 'authentication');
    this.lookup = new AuthenticationLookup({
      ...authentication,
      given: givenSettings(options.authentication, authentication.clock, authentication.logger),
      client: options.authentication.skipLookup ? undefined : clients.of(configs.authentication),
      tolerateFailure: options.authentication.tolerateLookupFailure,
      onChange: (clientCas) => this.server.setClientCas(clientCas),
    });
    this.caBundles = this.ownApiServices(options.selfManagedCertificate?.service).map((one) => new CaBundle(one));
    this.caBundleRemovals = this.ownApiServices(options.removeCaBundleOfService).map((one) => new CaBundleRemoval(one));
    this.certificate = this.certificateSource(clients.of(configs.own));
    this.namedCertificates = options.serving.namedCertificates.map(({ certFile, keyFile }) => new FileCertificate({
      ...surroundingsOf(surroundings, 'certificate'), certFile, keyFile, flags: `--tls-sni-cert-key=${certFile},${keyFile}`,
    }));
    this.auditing = new Auditing({
      ...surroundingsOf(surroundings, 'audit'), audit: options.audit, registry, userAgent, stdout: process.stdout,
    });
    // Others wait for these before they open their port; this one is live meanwhile and says here what it waits for.
    const own: HealthCheck[] = [
      { name: 'authentication-ready', silent: true, check: () => this.lookup.unready() },
      { name: 'serving-certificate-ready', silent: true, logsItself: true, check: () => this.certificate.unready() },
    ];
    this.health = { ...healthChecks, readyz: [...healthChecks.readyz, ...own] };
    this.server = this.apiServer();
  }

  /** Listens as soon as there is a certificate, live and not ready. */
  async start(): Promise<void> {
    // Before all else: when the port or a file is at fault, the user reads about nothing but that.
    await this.listen();
    this.lookup.start();
    this.caBundles.forEach((caBundle) => caBundle.start());
    this.settle();
    this.caBundleRemovals.forEach((removal) => removal.start());
  }

  /** Not ready at once, serving for `--shutdown-delay-duration`, then draining for `drainMs` at most. */
  async stop(drainMs: number): Promise<void> {
    this.server.beginShutdown();
    await new Promise<void>((resolve) => this.surroundings.clock.after(this.given.options.generic.shutdownDelayMs, resolve));
    await this.server.close(drainMs);
    await this.auditing.stop(this.server.handled());
    this.certificate.stop();
    this.namedCertificates.forEach((certificate) => certificate.stop());
    this.stopSettling?.();
    this.caBundles.forEach((caBundle) => caBundle.stop());
    this.caBundleRemovals.forEach((removal) => removal.stop());
    this.lookup.stop();
  }

  private async listen(): Promise<void> {
    const { options: { serving: { bindAddress, namedCertificates, permitPortSharing, securePort } }, registry, version } = this.given;
    await this.auditing.start();
    this.server.setClientCas(this.lookup.clientCas());
    const observeCertificate = certificateMetrics(registry);
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
    this.surroundings.loggers('server').info('Serving securely', { address, port, version });
  }

  private settle(): void {
    if (this.caBundles.length === 0) return;
    const ready = () => this.health.readyz.every((check) => check.check() === undefined);
    this.stopSettling = onceSettled(this.surroundings.clock, ready, () => this.caBundles.forEach((caBundle) => caBundle.settle()));
  }

  private apiServer(): ApiServer {
    const { clock, random, logger } = surroundingsOf(this.surroundings, 'server');
    const { verbosity } = this.surroundings;
    const { clients, configs, options: { authentication, authorization, generic, serving }, pages, registry, ...served } = this.given;
    const metrics = new ServerMetrics(registry);
    const reviews = (review: Review, config: ClusterConfig, feature: Feature, onAnswer: (code: number | undefined) => void): ReviewClient => {
      const warning = new MissingRightWarnings(reviewsOf(clients.forReviews(config), onAnswer), feature, logger);
      const fair = new FairReviewClient(warning, clock, () => metrics.reviewRefused(review));
      metrics.followReviews(review, () => fair.load);
      return new RetryingReviewClient(fair, clock, random);
    };
    return new ApiServer({
      ...served,
      clock,
      logger,
      metrics,
      auditor: this.auditing.auditor,
      healthChecks: this.health,
      pages: {
        '/metrics': textPage(METRICS_CONTENT_TYPE, () => registry.render()),
        ...generic.profiling ? { ...profilingPages(clock), ...verbosity && flagPages(verbosity) } : {},
        ...pages,
      },
      authenticator: delegatingAuthentication({
        settings: () => this.lookup.settings(),
        client: reviews('TokenReview', configs.authentication, FEATURES.tokenReviews(), (code) => metrics.tokenReviewAnswered(code)),
        clock,
        tokenTtlMs: authentication.tokenCacheTtlMs,
      }),
      authorizer: delegatingAuthorizer(authorization.alwaysAllowPaths, new SubjectAccessReviewAuthorizer({
        client: reviews('SubjectAccessReview', configs.authorization, FEATURES.subjectAccessReviews(), (code) => metrics.accessReviewAnswered(code)),
        clock,
        authorizedTtlMs: authorization.allowCacheTtlMs,
        unauthorizedTtlMs: authorization.denyCacheTtlMs,
      })),
      externalHostname: generic.externalHostname,
      tls: serving.tls,
      http2: serving.http2,
      maxRequestsInFlight: generic.maxRequestsInflight,
      maxMutatingRequestsInFlight: generic.maxMutatingRequestsInflight,
      sendsGoaway: generic.goawayChance > 0 ? () => random() < generic.goawayChance : undefined,
      strictTransportSecurity: generic.strictTransportSecurity,
      corsAllowedOrigins: generic.corsAllowedOrigins,
      requestTimeoutMs: generic.requestTimeoutMs,
      livezGracePeriodMs: generic.livezGracePeriodMs,
      sendsRetryAfter: generic.shutdownSendRetryAfter,
    });
  }

  private certificateSource(client: ApiClient): CertificateSource {
    const surroundings = surroundingsOf(this.surroundings, 'certificate');
    const { options: { serving: { bindAddress, certDir, tlsCertFile, tlsPrivateKeyFile }, selfManagedCertificate }, registry } = this.given;
    if (selfManagedCertificate) {
      return new SelfManagedCertificate({
        ...surroundings,
        ...selfManagedCertificate,
        client,
        onCaBundle: (pem) => this.caBundles.forEach((caBundle) => caBundle.want(pem)),
        onSecret: servingSecretMetrics(registry),
      });
    }
    if (tlsCertFile !== undefined && tlsPrivateKeyFile !== undefined) {
      const flags = `--tls-cert-file=${tlsCertFile} and --tls-private-key-file=${tlsPrivateKeyFile}`;
      return new FileCertificate({ ...surroundings, certFile: tlsCertFile, keyFile: tlsPrivateKeyFile, flags });
    }
    return new SelfSignedCertificate({ ...surroundings, directory: certDir, names: localNames(bindAddress) });
  }

  private ownApiServices(service: NamespacedName | undefined): OwnApiServiceOptions[] {
    const { clients, configs, groupVersions } = this.given;
    return service === undefined ? [] : groupVersions.map(({ group, version }) => ({
      ...surroundingsOf(this.surroundings, 'certificate'), client: clients.of(configs.own), service, apiServiceName: `${version}.${group}`,
    }));
  }
}
