import { X509Certificate } from 'crypto';
import { connect } from 'tls';
import { Cluster } from './cluster';

/** SHA-256 fingerprint of the certificate that metrics-server's pod shows. */
export async function servedCertificate(cluster: Cluster): Promise<string> {
  const { items: [pod] } = await cluster.kubectl.json('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=metrics-server');
  return (await certificateAt(pod.status.podIP)).fingerprint256;
}

/** The certificate that is shown at a pod's address. */
export function certificateAt(host: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 10250, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!);
      socket.destroy();
    }).on('error', reject);
  });
}
