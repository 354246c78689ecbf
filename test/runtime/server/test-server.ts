import { Answer, Ask, askHttp1, Question } from './client';
import { fakeMetricsApi } from './fake-metrics-api';
import { systemClock } from '../../../src/runtime/clock';
import { ApiServer, ApiServerOptions } from '../../../src/runtime/server/api-server';
import { AuthenticationSettings } from '../../../src/runtime/server/authentication/authentication-settings';
import { delegatingAuthentication } from '../../../src/runtime/server/authentication/delegating-authentication';
import { delegatingAuthorizer } from '../../../src/runtime/server/authorization/authorizer';
import { SubjectAccessReviewAuthorizer } from '../../../src/runtime/server/authorization/subject-access-review';
import { ListenAddress } from '../../../src/runtime/server/listen';
import { textPage } from '../../../src/runtime/server/router';
import { ServerMetrics } from '../../../src/runtime/server/server-metrics';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';

/** The certificates of a cluster, and one of somebody else. */
export interface TestPki {
  readonly clientCa: Identity;
  readonly frontProxyCa: Identity;
  readonly serving: Identity;
  readonly frontProxy: Identity;
  readonly alice: Identity;
  readonly rogue: Identity;
}

export async function createTestPki(): Promise<TestPki> {
  const [clientCa, frontProxyCa, rogueCa] = await Promise.all(['client-ca', 'front-proxy-ca', 'client-ca'].map(createCertificateAuthority));
  return {
    clientCa,
    frontProxyCa,
    serving: await issueCertificate(clientCa, { commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] }),
    frontProxy: await issueCertificate(frontProxyCa, { commonName: 'front-proxy-client', usages: ['client'] }),
    alice: await issueCertificate(clientCa, { commonName: 'alice', organizations: ['devs', 'a,b'], usages: ['client'] }),
    rogue: await issueCertificate(rogueCa, { commonName: 'front-proxy-client', organizations: ['system:masters'], usages: ['client'] }),
  };
}

export const requestHeaderSettings = {
  allowedNames: ['front-proxy-client'],
  usernameHeaders: ['X-Remote-User'],
  groupHeaders: ['X-Remote-Group'],
  extraHeadersPrefixes: ['X-Remote-Extra-'],
  uidHeaders: ['X-Remote-Uid'],
};

/** A running server whose reviews a test answers. */
export class TestServer {
  static async start(pki: TestPki, overrides: Partial<ApiServerOptions> = {}, address: Partial<ListenAddress> = {}): Promise<TestServer> {
    const server = new TestServer(pki, overrides);
    server.server.setServingCertificate({ cert: pki.serving.certificate, key: pki.serving.key });
    server.server.setClientCas([pki.clientCa.certificate, pki.frontProxyCa.certificate]);
    server.port = (await server.server.listen({ host: '127.0.0.1', port: 0, ...address })).port;
    return server;
  }

  readonly server: ApiServer;
  readonly registry = new MetricRegistry();
  port = 0;
  settings: AuthenticationSettings;
  /** Bodies of all reviews that were created. */
  readonly reviews: { kind: string; spec: Record<string, unknown> }[] = [];
  /** What the cluster's API server says of a token, and of a SubjectAccessReview's spec. */
  readonly cluster: { tokenStatus(token: string): unknown; allows(spec: Record<string, unknown>): boolean } = {
    tokenStatus: () => ({ authenticated: false }),
    allows: () => true,
  };

  private constructor(pki: TestPki, overrides: Partial<ApiServerOptions>) {
    this.settings = {
      clientCa: pki.clientCa.certificate,
      requestHeader: { ...requestHeaderSettings, clientCa: pki.frontProxyCa.certificate },
    };
    const client = { create: async <T>(_path: string, body: unknown) => ({ status: this.review(body as TestServer['reviews'][number]) } as T) };
    const clock = systemClock;
    const subjectAccessReviews = new SubjectAccessReviewAuthorizer({ client, clock, authorizedTtlMs: 0, unauthorizedTtlMs: 0 });
    this.server = new ApiServer({
      groupVersions: [fakeMetricsApi()],
      healthChecks: { livez: [], readyz: [], healthz: [] },
      pages: { '/metrics': textPage('text/plain; version=0.0.4', () => this.registry.render()) },
      title: 'Kubernetes metrics-server',
      version: 'v0.9.0',
      authenticator: delegatingAuthentication({ settings: () => this.settings, client, clock, tokenTtlMs: 0 }),
      authorizer: delegatingAuthorizer(['/healthz', '/readyz', '/livez'], subjectAccessReviews),
      metrics: new ServerMetrics(this.registry),
      maxRequestsInFlight: 400,
      requestTimeoutMs: 60_000,
      clock,
      logger: silentLogger,
      ...overrides,
    });
  }

  ask(path: string, question?: Question, ask: Ask = askHttp1): Promise<Answer> {
    return ask(this.port, path, question);
  }

  stop(): Promise<void> {
    return this.server.close(0);
  }

  private review(body: TestServer['reviews'][number]): unknown {
    this.reviews.push(body);
    return body.kind === 'TokenReview' ? this.cluster.tokenStatus(body.spec.token as string) : { allowed: this.cluster.allows(body.spec) };
  }
}
