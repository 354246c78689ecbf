import { once } from 'events';
import { writeFileSync } from 'fs';
import { createServer } from 'net';
import { join } from 'path';
import { eventually } from '../../e2e/control-plane/eventually';
import { Process } from '../../e2e/control-plane/process';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';
import { sizeFlags } from '../fleet';

/** Where the first node of a fleet listens. */
const HOST = '127.1.0.1';

/** A kubelet in a process of its own, so that its part of a handshake is not counted, with a certificate for its address. */
export class LoneKubelet {
  public static async start(folder: string, programs: string): Promise<LoneKubelet> {
    const ca = await createCertificateAuthority('kubelets');
    const { certificate, key } = await issueCertificate(ca, { commonName: 'kubelet', ipAddresses: [HOST], usages: ['server'] });
    const [caFile, certificateFile, keyFile] = ['kubelets-ca.crt', 'kubelet.crt', 'kubelet.key'].map((name) => join(folder, name));
    writeFileSync(caFile, ca.certificate);
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const [port, controlPort] = [await freePort(), await freePort()];
    const process = new Process('kubelets', `${programs}/kubelets`, [
      ...sizeFlags({ nodes: 1, pods: 1, containers: 1 }), `-port=${port}`, `-control-port=${controlPort}`, `-certificate=${certificateFile}`, `-key=${keyFile}`,
    ], join(folder, 'kubelet.log'));
    await eventually(() => fetch(`http://127.0.0.1:${controlPort}`));
    return new LoneKubelet(process, port, ca.certificate, caFile);
  }

  public readonly host = HOST;

  private constructor(private readonly process: Process, public readonly port: number, public readonly ca: string, public readonly caFile: string) {}

  public async stop(): Promise<void> {
    await this.process.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
