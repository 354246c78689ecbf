import * as fs from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import * as path from 'node:path';
import { ClusterConfig } from '../src/runtime/cluster/cluster-config';
import { createCertificateAuthority, issueCertificate } from '../test/simulated-cluster/pki';

/** A way to the runtime that needs nothing of a cluster: its flags, and the configuration of a client that they let in. */
export interface Loopback {
  readonly flags: readonly string[];
  readonly config: ClusterConfig;
}

/** Both ends get certificates from a CA that lives as long as the directory. */
export async function createLoopback(port: number, directory: string): Promise<Loopback> {
  const ca = await createCertificateAuthority('npm-start');
  const serving = await issueCertificate(ca, { commonName: '127.0.0.1', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const clientCertificate = await issueCertificate(ca, { commonName: 'npm-start', organizations: ['system:masters'], usages: ['client'] });
  const write = (name: string, pem: string): string => {
    const file = path.join(directory, name);
    fs.writeFileSync(file, pem, { mode: 0o600 });
    return file;
  };
  return {
    flags: [
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--tls-cert-file=${write('serving.crt', serving.certificate)}`,
      `--tls-private-key-file=${write('serving.key', serving.key)}`,
      `--client-ca-file=${write('client-ca.crt', ca.certificate)}`,
      '--authentication-skip-lookup',
    ],
    config: {
      server: new URL(`https://127.0.0.1:${port}`),
      insecureSkipTlsVerify: false,
      certificateAuthority: () => ca.certificate,
      credentials: async () => ({ clientCertificate }),
      invalidate: () => undefined,
    },
  };
}

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
