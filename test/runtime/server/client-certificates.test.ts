import 'reflect-metadata';
import { ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Agent, request as requestHttps } from 'node:https';
import { AddressInfo } from 'node:net';
import { createServer as createTlsServer, connect as connectTls, createSecureContext, SecureContext } from 'node:tls';
import { Extension } from '@peculiar/x509';
import { intermediate } from './authentication/intermediate';
import { Ask, askHttp1, askHttp2 } from './client';
import { fakeMetricsApi } from './fake-metrics-api';
import { createTestPki, requestHeaderSettings, TestPki, TestServer } from './test-server';
import { ApiServerOptions } from '../../../src/runtime/server/api-server';
import { ApiResult } from '../../../src/runtime/server/group-version';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { rsaSigned } from '../rsa-signed';

const path = '/apis/metrics.k8s.io/v1beta1/nodes';
const proxied = { 'X-Remote-User': 'bob' };

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

afterEach(() => server.stop());

async function start(overrides: Partial<ApiServerOptions> = {}): Promise<void> {
  server = await TestServer.start(pki, overrides);
}

/** Serves from now on for clients of this CA. */
function trust(ca: string): void {
  server.settings = { clientCa: ca };
  server.server.setClientCas([ca]);
}

/** What is sent in the handshake: the certificate of the first, followed by the others. */
function showing(leaf: Identity, ...above: Identity[]): Identity {
  return { certificate: [leaf, ...above].map(({ certificate }) => certificate).join(''), key: leaf.key };
}

describe.each<[string, Ask]>([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('over %s, a certificate', (_protocol, ask) => {
  beforeEach(() => start());

  const statusFor = async (identity: Identity) => (await server.ask(path, { identity }, ask)).status;
  const user = (ca: Identity, names = {}) => issueCertificate(ca, { commonName: 'alice', usages: ['client'], ...names });

  test.each([['SHA-256', 2048, 200], ['SHA-256', 1024, 200], ['SHA-1', 2048, 401], ['MD5', 2048, 401]] as const)('signed over %s with RSA keys of %i bits: %i', async (hash, bits, status) => {
    const { ca, leaf } = await rsaSigned(hash, bits);
    trust(ca.certificate);
    expect(await statusFor(leaf)).toBe(status);
  });

  test('with a critical extension that nobody knows is refused', async () => {
    const extension = (isCritical: boolean) => new Extension('1.2.3.4.5', isCritical, Buffer.from('0500', 'hex'));
    expect(await statusFor(await intermediate(pki.clientCa, 'alice', { isCa: false, extensions: [extension(true)] }))).toBe(401);
    expect(await statusFor(await intermediate(pki.clientCa, 'alice', { isCa: false, extensions: [extension(false)] }))).toBe(200);
  });

  test('with a name that its CA may not give is refused', async () => {
    const permitted = Buffer.concat([Buffer.from('3011a00f300d820b', 'hex'), Buffer.from('example.com')]);
    const ca = await intermediate(pki.clientCa, 'constrained', { extensions: [new Extension('2.5.29.30', true, permitted)] });
    expect(await statusFor(showing(await user(ca, { dnsNames: ['evil.org'] }), ca))).toBe(401);
    expect(await statusFor(showing(await user(ca, { dnsNames: ['a.example.com'] }), ca))).toBe(200);
  });

  test.each(['CA', 'x\x06\x03U\x1d\x13y'])('below a CA that may have no CA below it is refused: %j', async (name) => {
    const upper = await intermediate(pki.clientCa, name, { pathLength: 0 });
    const lower = await intermediate(upper, 'lower');
    expect(await statusFor(showing(await user(lower), lower, upper))).toBe(401);
    expect(await statusFor(showing(await user(upper), upper))).toBe(200);
  });

  test('for servers is refused', async () => {
    expect(await statusFor(await issueCertificate(pki.clientCa, { commonName: 'alice', usages: ['server'] }))).toBe(401);
  });

  test('below an intermediate CA that is all that the bundle holds is accepted', async () => {
    const upper = await intermediate(pki.clientCa, 'upper');
    trust(upper.certificate);
    expect(await statusFor(await user(upper))).toBe(200);
    expect(await statusFor(await user(pki.clientCa))).toBe(401);
  });

  test('of any CA of a bundle is accepted', async () => {
    const other = await createCertificateAuthority('other');
    trust(pki.clientCa.certificate + other.certificate);
    expect(await statusFor(await user(pki.clientCa))).toBe(200);
    expect(await statusFor(await user(other))).toBe(200);
  });

  test('with five intermediates is accepted, with more refused', async () => {
    const chain = [await intermediate(pki.clientCa, 'ca-0')];
    for (let index = 1; index < 6; index++) chain.unshift(await intermediate(chain[0], `ca-${index}`));
    expect(await statusFor(showing(await user(chain[1]), ...chain.slice(1)))).toBe(200);
    expect(await statusFor(showing(await user(chain[0]), ...chain))).toBe(401);
  });
});

test('a chain as long as TLS allows costs next to nothing beyond the handshake', async () => {
  await start();
  const forged = await createCertificateAuthority('forged');
  const same = await intermediate(forged, 'forged');
  const leaf = await issueCertificate(same, { commonName: 'alice', usages: ['client'] });
  const secureContext = createSecureContext({ cert: showing(leaf, ...Array<Identity>(200).fill(same)).certificate, key: leaf.key });

  const plain = createTlsServer({
    cert: pki.serving.certificate, key: pki.serving.key, ca: [pki.clientCa.certificate], requestCert: true, rejectUnauthorized: false,
  }, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const plainCpuMs: number[] = [];
  const servedCpuMs: number[] = [];
  for (let round = 0; round < 7; round++) {
    plainCpuMs.push(await exchangeCpuMs((plain.address() as AddressInfo).port, secureContext));
    servedCpuMs.push(await exchangeCpuMs(server.port, secureContext));
  }
  plain.close();
  expect(Math.min(...servedCpuMs) - Math.min(...plainCpuMs)).toBeLessThan(15);

  // The machine may be busy: what counts is this process' own time.
  function exchangeCpuMs(port: number, context: SecureContext): Promise<number> {
    const before = process.cpuUsage();
    return new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, secureContext: context }, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      });
      socket.on('error', reject).on('close', () => {
        const { user, system } = process.cpuUsage(before);
        resolve((user + system) / 1000);
      }).resume();
    });
  }
});

describe('when the CAs change', () => {
  const settings = () => ({
    clientCa: pki.clientCa.certificate, requestHeader: { ...requestHeaderSettings, clientCa: pki.frontProxyCa.certificate },
  });
  let release: (result: ApiResult) => void;
  let called: Promise<void>;

  beforeEach(async () => {
    let isCalled: () => void;
    called = new Promise((resolve) => { isCalled = resolve; });
    const result = new Promise<ApiResult>((resolve) => { release = resolve; });
    const handle = () => {
      isCalled();
      return result;
    };
    await start({ groupVersions: [fakeMetricsApi('v1beta1', { handle })] });
    // As before the ConfigMap is read.
    server.settings = {};
    server.server.setClientCas([]);
  });

  function proxySession(): ClientHttp2Session {
    const { certificate: cert, key } = pki.frontProxy;
    return connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert, key });
  }

  function ask(session: ClientHttp2Session, url: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const stream = session.request({ ':path': url, ...proxied });
      stream.on('response', (headers) => resolve(Number(headers[':status']))).on('error', reject).resume();
    });
  }

  test('kube-apiserver, which connected before they were known, comes back and is known', async () => {
    server.cluster.allows = ({ user }) => user === 'bob' || user === 'system:anonymous';
    const before = proxySession();
    const underWay = ask(before, path);
    await called;
    const gone = new Promise((resolve) => before.once('close', resolve));
    const told = new Promise((resolve) => before.once('goaway', resolve));

    server.server.setClientCas([pki.clientCa.certificate, pki.frontProxyCa.certificate]);
    server.settings = settings();
    expect(await told).toBe(0);
    release({ kind: 'NodeMetricsList', items: [], columns: [] });
    expect(await underWay).toBe(200);
    await gone;

    const after = proxySession();
    expect(await ask(after, '/apis')).toBe(200);
    expect(server.reviews.at(-1)!.spec).toMatchObject({ user: 'bob' });
    after.close();
  });

  test('so does a client of HTTP/1.1', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    const get = () => new Promise<{ status: number; reused: boolean }>((resolve, reject) => {
      const request = requestHttps({ host: '127.0.0.1', port: server.port, path: '/apis', agent }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode!, reused: request.reusedSocket }));
      });
      request.on('error', reject).end();
    });
    server.cluster.allows = ({ user }) => user === 'alice';
    expect(await get()).toEqual({ status: 403, reused: false });
    expect(await get()).toEqual({ status: 403, reused: true });
    const [idle] = Object.values(agent.freeSockets).flat();
    const gone = new Promise((resolve) => idle!.once('close', resolve));
    server.server.setClientCas([pki.clientCa.certificate, pki.frontProxyCa.certificate]);
    server.settings = settings();
    await gone;
    expect(await get()).toEqual({ status: 200, reused: false });
    agent.destroy();
  });

  test('the same ones in another order end nothing', async () => {
    server.server.setClientCas([pki.clientCa.certificate, pki.frontProxyCa.certificate]);
    server.settings = settings();
    const session = proxySession();
    expect(await ask(session, '/apis')).toBe(200);
    server.server.setClientCas([`${pki.frontProxyCa.certificate}${pki.clientCa.certificate}`, pki.clientCa.certificate]);
    expect(await ask(session, '/apis')).toBe(200);
    expect(session.closed).toBe(false);
    session.close();
  });
});
