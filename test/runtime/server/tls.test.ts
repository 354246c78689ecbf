import { ConnectionOptions, connect, TLSSocket } from 'node:tls';
import { createTestPki, TestPki, TestServer } from './test-server';
import { ServerHttp2 } from '../../../src/runtime/server/http-server';
import { ServerTls } from '../../../src/runtime/server/tls-contexts';
import { rsaSigned } from '../rsa-signed';

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

afterEach(() => server.stop());

async function serve(tls: ServerTls, http2?: ServerHttp2): Promise<void> {
  server = await TestServer.start(pki, { tls, http2 });
}

function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      socket.destroy();
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

async function suite(options: ConnectionOptions): Promise<string> {
  const socket = connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { standardName } = socket.getCipher();
  socket.destroy();
  return standardName;
}

test('the oldest version of TLS', async () => {
  await serve({ minVersion: 'TLSv1.3' });
  await expect(handshake({ maxVersion: 'TLSv1.2' })).rejects.toThrow('protocol version');
  await handshake({ maxVersion: 'TLSv1.3' });
});

test('cipher suites of TLS 1.2', async () => {
  await serve({ ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-SHA' });
  expect(await suite({ maxVersion: 'TLSv1.2' })).toBe('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA');
  await expect(suite({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).rejects.toThrow('handshake failure');
  expect(await suite({ ciphers: 'TLS_AES_128_GCM_SHA256' })).toBe('TLS_AES_128_GCM_SHA256');
});

test('curves', async () => {
  await serve({ curves: 'P-384' });
  await expect(handshake({ ecdhCurve: 'X25519:P-256' })).rejects.toThrow('handshake failure');
  await handshake({ ecdhCurve: 'X25519:P-384' });
});

test('all of it stands after the certificate or the CAs have changed', async () => {
  await serve({ minVersion: 'TLSv1.3', curves: 'P-384' });
  server.server.setClientCas([pki.clientCa.certificate]);
  server.server.setServingCertificate({ cert: pki.serving.certificate, key: pki.serving.key });
  await expect(handshake({ maxVersion: 'TLSv1.2' })).rejects.toThrow('protocol version');
  await expect(handshake({ ecdhCurve: 'X25519' })).rejects.toThrow('handshake failure');
});

test('a serving certificate with an RSA key of 1024 bits, as Go serves it, whatever the version of OpenSSL', async () => {
  await serve({});
  const { leaf: { certificate: cert, key } } = await rsaSigned('SHA-256', 1024);
  server.server.setServingCertificate({ cert, key });
  await handshake({ ciphers: 'DEFAULT@SECLEVEL=0' });
});

test('without HTTP/2', async () => {
  await serve({}, { disabled: true });
  expect((await handshake({ ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
  expect((await handshake({})).alpnProtocol).toBe(false);
  await expect(handshake({ ALPNProtocols: ['h2'] })).rejects.toThrow('no application protocol');
  expect((await server.ask('/livez')).status).toBe(200);
});
