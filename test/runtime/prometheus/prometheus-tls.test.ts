import { PrometheusServer, success } from './prometheus-server';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';

const { signal } = new AbortController();

describe('a Prometheus behind TLS', () => {
  const directory = new TempDir();
  const clock = new ManualClock();
  let first: Identity;
  let second: Identity;
  let server: PrometheusServer;
  let prometheus: PrometheusClient;

  const ask = () => prometheus.query('up', 0, signal).then(() => 'answered', ({ problem, code }) => (code === undefined ? problem : `HTTP ${code}`));

  async function serveWith(ca: Identity): Promise<void> {
    await server?.stop();
    const serving = await issueCertificate(ca, { commonName: 'prometheus', dnsNames: ['prometheus'], usages: ['server'] });
    const tls = { cert: serving.certificate, key: serving.key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false };
    server = await PrometheusServer.start((request, response) => {
      if (!request.authorized) response.statusCode = 401;
      success({ resultType: 'vector', result: [] })(request, response);
    }, tls);
  }

  async function trust(ca: Identity): Promise<void> {
    const client = await issueCertificate(ca, { commonName: 'metrics', usages: ['client'] });
    directory.write('ca.crt', ca.certificate);
    directory.write('tls.crt', client.certificate);
    directory.write('tls.key', client.key);
  }

  async function connect(more: string): Promise<void> {
    prometheus?.close();
    prometheus = new PrometheusClient(sourceConfiguration(await readDocument('c', `{name: main, url: "${server.url}", tls: {${more}}}`)), clock, 'test', new ByteRoom());
  }

  beforeAll(async () => {
    [first, second] = await Promise.all(['first', 'second'].map(createCertificateAuthority));
  });

  afterAll(async () => {
    prometheus.close();
    await server.stop();
    directory.remove();
  });

  const files = () => ['caFile: ca.crt', 'certFile: tls.crt', 'keyFile: tls.key'].map((file) => file.replace(': ', `: ${directory.path}/`)).join(', ');

  test('is verified by its CA and name, and shown a certificate', async () => {
    await serveWith(first);
    await trust(first);
    await connect(`${files()}, serverName: prometheus`);
    expect(await ask()).toBe('answered');
    await connect(`caFile: ${directory.path}/ca.crt, serverName: prometheus`);
    expect(await ask()).toBe('HTTP 401');
    await connect(`${files()}, serverName: other`);
    expect(await ask()).toBe('its certificate is for other names');
    await connect('serverName: prometheus');
    expect(await ask()).toBe('its certificate is not signed by the certificate authority of the configuration');
    await connect('insecureSkipVerify: true');
    expect(await ask()).toBe('HTTP 401');
  });

  test('is shown what the files hold once they have been replaced', async () => {
    await serveWith(second);
    await trust(first);
    await connect(`${files()}, serverName: prometheus`);
    expect(await ask()).toBe('its certificate is not signed by the certificate authority of the configuration');
    await trust(second);
    clock.advance(5_000);
    expect(await ask()).toBe('answered');
  });
});
