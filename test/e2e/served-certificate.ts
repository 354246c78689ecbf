import { connect } from 'tls';
import { Cluster } from './cluster';

/** SHA-256 fingerprint of the certificate that metrics-server's pod shows. */
export async function servedCertificate(cluster: Cluster): Promise<string> {
  const { items: [pod] } = await cluster.kubectl.json('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=metrics-server');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: pod.status.podIP, port: 10250, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });
}
