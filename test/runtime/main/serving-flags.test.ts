import { readdirSync } from 'node:fs';
import { connect as connectHttp2, Settings } from 'node:http2';
import { connect, ConnectionOptions, TLSSocket } from 'node:tls';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';

let bench: Workbench;
let ca: Identity;
let runtime: RuntimeProcess;

beforeAll(async () => {
  bench = new Workbench();
  ca = await createCertificateAuthority('ca');
});

afterAll(() => bench.remove());

async function start(...flags: readonly string[]): Promise<void> {
  runtime = await bench.run(...bench.flags(await freePort()), ...flags).serving();
}

/** What a handshake leads to, unless it fails. */
function handshake<T>(seen: (socket: TLSSocket) => T, options: ConnectionOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: runtime.port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve(seen(socket));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const commonName = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;

async function files(name: string): Promise<[certificateFile: string, keyFile: string]> {
  const { certificate, key } = await issueCertificate(ca, { commonName: name, dnsNames: [`${name}.example.com`], usages: ['server'] });
  return [bench.write(`${name}.crt`, certificate), bench.write(`${name}.key`, key)];
}

describe('certificates given, and what TLS may be like', () => {
  beforeAll(async () => {
    const [certificateFile, keyFile] = await files('given');
    await start(
      `--tls-cert-file=${certificateFile}`, `--tls-private-key-file=${keyFile}`, `--tls-sni-cert-key=${(await files('named')).join()}`,
      '--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', '--tls-curve-preferences=25', '--http2-max-streams-per-connection=3',
    );
  });

  test('--tls-cert-file, --tls-private-key-file: everybody is shown that certificate', async () => {
    expect(await handshake(commonName)).toBe('given');
  });

  test('--tls-sni-cert-key: whoever asks for its name is shown that one', async () => {
    expect(await handshake(commonName, { servername: 'named.example.com' })).toBe('named');
  });

  test('--tls-cipher-suites: TLS 1.2 has these alone', async () => {
    const cipherOf = (ciphers: string) => handshake((socket) => socket.getCipher().name, { maxVersion: 'TLSv1.2', ciphers, ecdhCurve: 'P-256:P-521' });
    expect(await cipherOf('ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305')).toBe('ECDHE-ECDSA-CHACHA20-POLY1305');
    await expect(cipherOf('ECDHE-ECDSA-AES128-GCM-SHA256')).rejects.toThrow('handshake failure');
  });

  test('--tls-curve-preferences: keys are exchanged by these alone', async () => {
    const curveOf = (ecdhCurve: string) => handshake((socket) => (socket.getEphemeralKeyInfo() as { name: string }).name, { ecdhCurve });
    expect(await curveOf('P-256:P-521')).toBe('secp521r1');
    await expect(curveOf('P-256')).rejects.toThrow('handshake failure');
  });

  test('--http2-max-streams-per-connection: a client of HTTP/2 is told so', async () => {
    const session = connectHttp2(`https://127.0.0.1:${runtime.port}`, { rejectUnauthorized: false });
    const settings = await new Promise<Settings>((resolve) => session.once('remoteSettings', resolve));
    session.destroy();
    expect(settings.maxConcurrentStreams).toBe(3);
  });
});

test('--cert-dir: when empty, a certificate is made and kept nowhere', async () => {
  await start('--cert-dir=');
  expect(await handshake(commonName)).toMatch(/./);
});

test('files of --tls-sni-cert-key that cannot be served with end it with one line', async () => {
  const refused = bench.run(...bench.flags(await freePort()), '--tls-sni-cert-key=/none.crt,/none.key');
  expect(await refused.exitCode).toBe(2);
  expect(refused.lines.at(-1)).toMatch(/^Error: --tls-sni-cert-key=\/none\.crt,\/none\.key cannot be served with \(ENOENT.*\); give a certificate and its key, both in PEM$/);
});

describe('where, and how new', () => {
  beforeAll(() => start('--bind-address=127.0.0.2', `--cert-dir=${bench.path('made')}`, '--disable-http2-serving', '--tls-min-version=VersionTLS13'));

  const host = '127.0.0.2';

  test('--bind-address, --secure-port: there and nowhere else', async () => {
    expect(await handshake(({ remoteAddress, remotePort }) => [remoteAddress, remotePort], { host })).toEqual([host, runtime.port]);
    await expect(handshake(commonName)).rejects.toThrow('ECONNREFUSED');
  });

  test('--cert-dir: a certificate that is made is kept there', () => {
    expect(readdirSync(bench.path('made')).sort()).toEqual(['apiserver.crt', 'apiserver.key']);
  });

  test('--disable-http2-serving: HTTP/1.1 alone', async () => {
    expect(await handshake(({ alpnProtocol }) => alpnProtocol, { host, ALPNProtocols: ['h2', 'http/1.1'] })).toBe('http/1.1');
  });

  test('--tls-min-version: nothing older', async () => {
    await expect(handshake(commonName, { host, maxVersion: 'TLSv1.2' })).rejects.toThrow('protocol version');
  });
});

const [major, minor] = process.versions.node.split('.').map(Number);

test('--permit-port-sharing: two share a port, where Node.js can; otherwise it is refused', async () => {
  const flags = [...bench.flags(await freePort()), '--permit-port-sharing'];
  const one = bench.run(...flags);
  if (major < 22 || major === 22 && minor < 12) {
    expect(await one.exitCode).toBe(2);
    expect(one.lines).toEqual([`Error: --permit-port-sharing needs Node.js 22.12 or newer, but this is ${process.versions.node}; leave it out`]);
    return;
  }
  await Promise.all([one.serving(), bench.run(...flags).serving()]);
});
