import { Identity } from './pki';

/** A kubeconfig with one cluster and one user; JSON, which every reader of YAML reads. */
export function renderKubeconfig(server: string, ca: string, user: string, credential: { readonly token: string } | Identity): string {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const how = 'token' in credential
    ? { token: credential.token }
    : { 'client-certificate-data': base64(credential.certificate), 'client-key-data': base64(credential.key) };
  return `${JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'simulated',
    'clusters': [{ name: 'simulated', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    'users': [{ name: user, user: how }],
    'contexts': [{ name: 'simulated', context: { cluster: 'simulated', user } }],
  }, undefined, 2)}\n`;
}
