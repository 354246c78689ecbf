import { execFile } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { cpuUs, timing, Timing } from './cpu-time';
import { systemClock } from '../../../src/runtime/clock';
import { ApiServer } from '../../../src/runtime/server/api-server';
import { delegatingAuthentication } from '../../../src/runtime/server/authentication/delegating-authentication';
import { delegatingAuthorizer } from '../../../src/runtime/server/authorization/authorizer';
import { SubjectAccessReviewAuthorizer } from '../../../src/runtime/server/authorization/subject-access-review';
import { GroupVersion } from '../../../src/runtime/server/group-version';
import { ServerMetrics } from '../../../src/runtime/server/server-metrics';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';

const ROUNDS = 5;

/** CPU time of the server for a request, from the client's bytes to the answer's, as kube-apiserver's aggregation layer asks. */
export async function measureRequests(api: GroupVersion, path: string, folder: string, programs: string): Promise<Timing> {
  const ca = await createCertificateAuthority('front-proxy-ca');
  const serving = await issueCertificate(ca, { commonName: 'server', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const frontProxy = await issueCertificate(ca, { commonName: 'front-proxy-client', usages: ['client'] });
  const [certificateFile, keyFile] = [join(folder, 'front-proxy.crt'), join(folder, 'front-proxy.key')];
  writeFileSync(certificateFile, frontProxy.certificate);
  writeFileSync(keyFile, frontProxy.key, { mode: 0o600 });

  const server = apiServer(api, ca.certificate);
  server.setServingCertificate({ cert: serving.certificate, key: serving.key });
  server.setClientCas([ca.certificate]);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (seconds: number): Promise<number> => {
    const before = process.cpuUsage();
    const { stdout } = await promisify(execFile)(`${programs}/ask`, [
      `-url=https://127.0.0.1:${port}/apis/metrics.k8s.io/v1beta1/${path}`, `-certificate=${certificateFile}`, `-key=${keyFile}`, `-for=${seconds}s`,
    ], { maxBuffer: 64 * 2 ** 20 });
    const us = cpuUs(before);
    const { outcomes } = JSON.parse(stdout) as { outcomes: Record<string, number> };
    if (Object.keys(outcomes).join() !== '200') throw new Error(`${path}: ${JSON.stringify(outcomes)}`);
    return us / outcomes['200'];
  };
  try {
    await ask(2);
    const us: number[] = [];
    for (let round = 0; round < ROUNDS; round++) us.push(await ask(1));
    return timing(us);
  } finally {
    await server.close(0);
  }
}

function apiServer(api: GroupVersion, clientCa: string): ApiServer {
  const noReviews = { create: () => Promise.reject(new Error('no reviews here')) };
  return new ApiServer({
    groupVersions: [api],
    healthChecks: { livez: [], readyz: [], healthz: [] },
    title: 'benchmark',
    version: 'v0.0.0',
    authenticator: delegatingAuthentication({
      settings: () => ({
        clientCa,
        requestHeader: {
          clientCa,
          allowedNames: ['front-proxy-client'],
          usernameHeaders: ['X-Remote-User'],
          groupHeaders: ['X-Remote-Group'],
          extraHeadersPrefixes: ['X-Remote-Extra-'],
          uidHeaders: ['X-Remote-Uid'],
        },
      }),
      client: noReviews,
      clock: systemClock,
      tokenTtlMs: 10_000,
    }),
    authorizer: delegatingAuthorizer([], new SubjectAccessReviewAuthorizer({
      client: noReviews, clock: systemClock, authorizedTtlMs: 10_000, unauthorizedTtlMs: 10_000,
    })),
    metrics: new ServerMetrics(new MetricRegistry()),
    maxRequestsInFlight: 400,
    requestTimeoutMs: 60_000,
    clock: systemClock,
    logger: silentLogger,
  });
}
