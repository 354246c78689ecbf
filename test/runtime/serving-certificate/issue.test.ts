import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { isSignedBy, isUsableCa, isUsableServingPair } from '../../../src/runtime/serving-certificate/certificate-checks';
import { createCertificateAuthority, issueServingCertificate } from '../../../src/runtime/serving-certificate/issue';
import { serviceNames } from '../../../src/runtime/serving-certificate/serving-names';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const names = serviceNames({ namespace: 'kube-system', name: 'metrics-server' });

describe('a serving certificate', () => {
  test('is accepted by a client that knows only the CA and the name kube-apiserver dials', async () => {
    const ca = await createCertificateAuthority('test-ca', Date.now());
    const pair = await issueServingCertificate(ca, names, Date.now());
    const server = createServer({ cert: pair.certificate, key: pair.key }, (socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as { port: number };
      const greeting = await new Promise<string>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, servername: 'metrics-server.kube-system.svc', ca: ca.certificate });
        socket.on('error', reject).on('data', (data) => resolve(data.toString()));
      });
      expect(greeting).toBe('hello');
    } finally {
      server.close();
    }
  });

  test('carries every name of its Service and may only serve', async () => {
    const ca = await createCertificateAuthority('test-ca', NOW);
    const certificate = new X509Certificate((await issueServingCertificate(ca, names, NOW)).certificate);
    expect(certificate.subjectAltName).toBe(
      'DNS:metrics-server.kube-system.svc, DNS:metrics-server, DNS:metrics-server.kube-system, '
      + 'DNS:metrics-server.kube-system.svc.cluster.local, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('never outlives its CA', async () => {
    const ca = await createCertificateAuthority('test-ca', NOW, 30 * DAY_MS);
    const certificate = new X509Certificate((await issueServingCertificate(ca, names, NOW)).certificate);
    expect(Date.parse(certificate.validTo)).toBe(NOW + 30 * DAY_MS);
  });

  test('takes a Service name longer than a common name may be', async () => {
    const long = serviceNames({ namespace: 'a'.repeat(63), name: 'b'.repeat(63) });
    const ca = await createCertificateAuthority('test-ca', NOW);
    expect(isUsableServingPair(await issueServingCertificate(ca, long, NOW), long, NOW)).toBe(true);
  });
});

describe('a certificate is replaced', () => {
  test('when a third of its life is left, not before', async () => {
    const ca = await createCertificateAuthority('test-ca', NOW);
    const pair = await issueServingCertificate(ca, names, NOW, 90 * DAY_MS);
    expect(isUsableServingPair(pair, names, NOW + 59 * DAY_MS)).toBe(true);
    expect(isUsableServingPair(pair, names, NOW + 61 * DAY_MS)).toBe(false);
    expect(isUsableServingPair(pair, names, NOW - DAY_MS)).toBe(false);
  });

  test('when it is for another Service, from another CA, or broken', async () => {
    const ca = await createCertificateAuthority('test-ca', NOW);
    const other = await createCertificateAuthority('test-ca', NOW);
    const pair = await issueServingCertificate(ca, names, NOW);
    expect(isUsableServingPair(pair, serviceNames({ namespace: 'kube-system', name: 'other' }), NOW)).toBe(false);
    expect(isSignedBy(pair.certificate, ca.certificate)).toBe(true);
    expect(isSignedBy(pair.certificate, other.certificate)).toBe(false);
    expect(isUsableServingPair({ ...pair, key: other.key }, names, NOW)).toBe(false);
    expect(isUsableServingPair({ certificate: 'x', key: 'y' }, names, NOW)).toBe(false);
  });

  test('a CA must be one, with its own key', async () => {
    const ca = await createCertificateAuthority('test-ca', NOW);
    const leaf = await issueServingCertificate(ca, names, NOW);
    expect(isUsableCa(ca, NOW)).toBe(true);
    expect(isUsableCa(leaf, NOW)).toBe(false);
    expect(isUsableCa({ ...ca, key: leaf.key }, NOW)).toBe(false);
  });
});
