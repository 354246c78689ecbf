import { get } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ConnectionPool } from '../../../src/runtime/cluster/connection-pool';
import { RotatingClientCertificate } from '../../../src/runtime/cluster/rotating-client-certificate';
import { KubeletTls } from '../../../src/runtime/scrape/kubelet-tls';
import { createTestPki, TestPki, TestServer } from '../server/test-server';

/** Of Node itself, and not documented: where it takes the public CAs. */
const takesPublicCas = jest.spyOn(Object.getPrototypeOf(createSecureContext({ ca: [] }).context), 'addRootCerts');

let pki: TestPki;

beforeAll(async () => {
  pki = await createTestPki();
});

beforeEach(() => takesPublicCas.mockClear());

afterAll(() => takesPublicCas.mockRestore());

test('Node takes the public CAs where no list is given', () => {
  createSecureContext({});
  expect(takesPublicCas).toHaveBeenCalled();
});

describe('the public CAs are not taken', () => {
  afterEach(() => expect(takesPublicCas).not.toHaveBeenCalled());

  test('by a server, before it knows the CAs of its clients and after', async () => {
    const server = await TestServer.start(pki);
    server.server.setClientCas([]);
    server.server.setNamedCertificate(0, { cert: pki.serving.certificate, key: pki.serving.key, names: ['server'] });
    await server.stop();
  });

  test('for kubelets that are not verified', () => {
    new KubeletTls({ insecureSkipVerify: true, certificateAuthority: () => undefined }).context(undefined);
  });

  test('for an API server that is not verified', async () => {
    const server = await TestServer.start(pki);
    const connection = new ConnectionPool({
      server: new URL(`https://127.0.0.1:${server.port}`),
      insecureSkipTlsVerify: true,
      certificateAuthority: () => undefined,
      credentials: async () => ({}),
      invalidate: () => {},
    });
    await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: server.port, path: '/livez', agent: connection.agentFor({}) }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
    connection.close();
    await server.stop();
  });

  test('to see whether a client certificate fits its key', () => {
    const text = (value: string) => ({ read: () => value, invalidate: () => {} });
    new RotatingClientCertificate(text(pki.alice.certificate), text(pki.alice.key), () => {}).read();
  });

  test('to see which curves there are', async () => {
    await jest.isolateModulesAsync(async () => {
      await import('../../../src/runtime/flags/go-tls');
    });
  });
});
