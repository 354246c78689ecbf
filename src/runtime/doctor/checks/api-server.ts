import { Check } from '../check';

export const API_SERVER: Check = {
  id: 'api-server',
  title: 'kube-apiserver answers',
  meaning: 'kube-apiserver is asked for its version. All else is asked through it.',
  mend: 'Check server, CA and user of the kubeconfig; in a pod, that the network lets it reach Service `kubernetes` in `default`.',
  async run(examination) {
    const version = await examination.reader.get<{ readonly gitVersion?: string }>('/version');
    if (version.why !== undefined) return [{ severity: 'error', saw: version.message, mend: 'check server, CA and user of the kubeconfig, or in a pod the network to kube-apiserver' }];
    const asker = await examination.user();
    return [{ severity: 'ok', saw: `Kubernetes ${version.object.gitVersion ?? 'of unknown version'}${asker === undefined ? '' : `, asked as ${asker}`}` }];
  },
};
