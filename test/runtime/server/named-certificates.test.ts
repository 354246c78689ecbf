import { request } from 'node:https';
import { connect } from 'node:tls';
import { createTestPki, TestPki, TestServer } from './test-server';
import { Identity, issueCertificate } from '../../simulated-cluster/pki';

let pki: TestPki;
let server: TestServer;
let own: Identity;
let other: Identity;

beforeAll(async () => {
  pki = await createTestPki();
  own = await issueCertificate(pki.clientCa, { commonName: 'own', dnsNames: ['a.example.com', '*.b.example.com'], usages: ['server'] });
  other = await issueCertificate(pki.clientCa, { commonName: 'other.example.com', usages: ['server'] });
});

beforeEach(async () => {
  server = await TestServer.start(pki);
});

afterEach(() => server.stop());

function name(place: number, { certificate, key }: Identity, ...names: string[]): void {
  server.server.setNamedCertificate(place, { cert: certificate, key, names });
}

/** The common name of what is served to a client that asks for a name. */
async function served(servername?: string): Promise<string> {
  const socket = connect({ port: server.port, host: '127.0.0.1', servername, rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN as string;
}

test('the certificate of the name that a client asks for', async () => {
  name(0, own);
  expect(await served('a.example.com')).toBe('own');
  expect(await served('A.Example.com')).toBe('own');
  expect(await served('x.b.example.com')).toBe('own');
  expect(await served('x.y.b.example.com')).toBe('server');
  expect(await served('c.example.com')).toBe('server');
  expect(await served()).toBe('server');
});

test('a certificate without names of hosts is for its common name', async () => {
  name(0, other);
  expect(await served('other.example.com')).toBe('other.example.com');
});

test('given names replace those of the certificate', async () => {
  name(0, own, 'z.example.com');
  expect(await served('z.example.com')).toBe('own');
  expect(await served('a.example.com')).toBe('server');
});

test('given names come before those of a certificate, exact ones before wildcards, earlier pairs before later ones', async () => {
  name(1, other, 'a.example.com', '*.c.example.com');
  name(0, own);
  expect(await served('a.example.com')).toBe('other.example.com');
  name(2, own, 'x.c.example.com', '*.c.example.com');
  expect(await served('x.c.example.com')).toBe('own');
  expect(await served('y.c.example.com')).toBe('other.example.com');
});

test('clients are judged as ever, by the CAs of now', async () => {
  name(0, own);
  const ask = () => new Promise<number>((resolve, reject) => {
    const { certificate: cert, key } = pki.alice;
    request({ host: '127.0.0.1', port: server.port, path: '/apis', servername: 'a.example.com', agent: false, rejectUnauthorized: false, cert, key },
      (response) => resolve(response.resume().statusCode!)).on('error', reject).end();
  });
  expect(await ask()).toBe(200);
  server.server.setClientCas([pki.frontProxyCa.certificate]);
  expect(await ask()).toBe(401);
  server.server.setClientCas([pki.clientCa.certificate]);
  expect(await ask()).toBe(200);
});

test('a pair that rotates replaces its certificate', async () => {
  name(0, own, 'z');
  name(0, other, 'z');
  expect(await served('z')).toBe('other.example.com');
});

test('a pair that does not fit together is refused, and the one before stays', async () => {
  name(0, own, 'z');
  expect(() => name(0, { certificate: own.certificate, key: other.key }, 'z')).toThrow();
  expect(await served('z')).toBe('own');
});
