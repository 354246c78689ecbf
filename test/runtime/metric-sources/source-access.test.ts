import { declaredSource } from './declared-source';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { SampleSource } from '../../../src/runtime/metric-sources/sample-source';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
import { Sources } from '../../../src/runtime/prometheus/sources';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';
import { PrometheusServer } from '../prometheus/prometheus-server';

describe.each(['pods', 'http'])('what is asked by %s', (kind) => {
  const directory = new TempDir();
  const clock = new ManualClock();
  let token = 'first';
  let ca: Identity;
  let other: Identity;
  let server: PrometheusServer;
  let source: SampleSource;
  let client: PrometheusClient | undefined;

  const ask = () => source.samples(clock.now(), new AbortController().signal)
    .then(([{ value }]) => value, ({ message }: Error) => message);

  async function open(more = ''): Promise<void> {
    const access = `headers: {X-Scope-OrgID: shop}, timeout: 5s, tls: {caFile: ${directory.path}/ca.crt, serverName: web.shop, `
      + `certFile: ${directory.path}/tls.crt, keyFile: ${directory.path}/tls.key}${more}`;
    const { port } = new URL(server.url);
    if (kind === 'pods') {
      const pod = { metadata: { namespace: 'shop', name: 'web-0', uid: 'a' }, status: { podIP: '127.0.0.1' } };
      source = await declaredSource(`pods: {selector: app=web, scheme: https, port: ${port}, path: /status, json: {value: '{.depth}'}, ${access}}`, {
        client: { request: async () => ({ items: [pod] }) as any }, clock,
      });
    } else {
      client = new PrometheusClient(sourceConfiguration(await readDocument('c', `{name: shop, url: "${server.url}", ${access}}`)), clock, 'test', new ByteRoom());
      source = await declaredSource("http: {path: /status, value: '{.depth}'}", { sources: new Sources([client]), clock });
    }
  }

  beforeAll(async () => {
    [ca, other] = await Promise.all(['one', 'other'].map(createCertificateAuthority));
    const serving = await issueCertificate(ca, { commonName: 'web', dnsNames: ['web.shop'], usages: ['server'] });
    const tls = { cert: serving.certificate, key: serving.key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false };
    server = await PrometheusServer.start(({ headers, authorized }, response) => {
      const isKnown = headers.authorization === `Bearer ${token}` && authorized;
      response.writeHead(isKnown ? 200 : 401).end('{"depth":3}');
    }, tls);
    const shown = await issueCertificate(ca, { commonName: 'metrics', usages: ['client'] });
    directory.write('tls.crt', shown.certificate);
    directory.write('tls.key', shown.key);
  });

  beforeEach(() => {
    token = 'first';
    server.requests.length = 0;
    directory.write('ca.crt', ca.certificate);
    directory.write('token', 'first\n');
  });

  afterEach(() => {
    client?.close();
  });

  afterAll(async () => {
    await server.stop();
    directory.remove();
  });

  test('is shown headers, token and certificate, and verified by CA and name', async () => {
    await open(`, bearerTokenFile: ${directory.path}/token`);
    expect(await ask()).toBe(3);
    expect(server.requests).toMatchObject([{ authorized: true, headers: { 'x-scope-orgid': 'shop', 'authorization': 'Bearer first' } }]);
  });

  test('is shown the new token after a 401 at once', async () => {
    await open(`, bearerTokenFile: ${directory.path}/token`);
    expect(await ask()).toBe(3);
    token = 'second';
    directory.write('token', 'second\n');
    expect(await ask()).toBe(3);
    token = 'third';
    expect(await ask()).toContain('HTTP 401: ');
    expect(await ask()).not.toContain('second');
  });

  test('sees no token unless it proves who it is, by the CA that the file holds now', async () => {
    directory.write('ca.crt', other.certificate);
    await open(`, bearerTokenFile: ${directory.path}/token`);
    expect(await ask()).toContain('its certificate is not signed by the certificate authority of the configuration');
    expect(server.requests).toEqual([]);
    directory.write('ca.crt', ca.certificate);
    clock.advance(60_000);
    expect(await ask()).toBe(3);
  });
});
