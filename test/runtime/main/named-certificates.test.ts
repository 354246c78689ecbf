import { connect } from 'node:tls';
import { freePort, Workbench } from './runtime-process';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';

let bench: Workbench;

beforeAll(() => { bench = new Workbench(); });
afterAll(() => bench.remove());

test('--tls-sni-cert-key: served to who asks for its name', async () => {
  const port = await freePort();
  const { certificate, key } = await issueCertificate(await createCertificateAuthority('ca'), { commonName: 'a', dnsNames: ['a.example.com'], usages: ['server'] });
  await bench.run(...bench.flags(port), `--tls-sni-cert-key=${bench.write('a.crt', certificate)},${bench.write('a.key', key)}`).serving();
  const socket = connect({ port, host: '127.0.0.1', servername: 'a.example.com', rejectUnauthorized: false });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  expect(socket.getPeerCertificate().subject.CN).toBe('a');
  socket.destroy();
});

test('--tls-sni-cert-key: files that cannot be served with end it with one line', async () => {
  const runtime = bench.run(...bench.flags(await freePort()), '--tls-sni-cert-key=/none.crt,/none.key');
  expect(await runtime.exitCode).toBe(2);
  expect(runtime.lines.at(-1)).toMatch(/^Error: --tls-sni-cert-key=\/none\.crt,\/none\.key cannot be served with \(ENOENT.*\); give a certificate and its key, both in PEM$/);
});
