import { Check } from '../check';
import { METADATA_ONLY } from '../cluster-reader';
import { notSeen } from '../findings';
import { nameOf } from '../objects';

export const SERVING_SECRET: Check = {
  id: 'serving-secret',
  title: 'the Secret of a self-managed certificate is there',
  meaning: 'With `--self-managed-cert-secret` the runtime keeps its CA and certificate in a Secret that the manifests declare empty; it may fill it and may not create it.'
    + ' Without the Secret, pods that run serve on with what they hold, and a pod that starts does not become ready. Only its metadata is read here.',
  mend: 'Apply the manifests again: the empty Secret comes back, and the runtime fills it.',
  async run(examination) {
    const { options: { selfManagedCertificate } } = await examination.serverFlags();
    if (!selfManagedCertificate) return [];
    const { secret } = selfManagedCertificate;
    const seen = await examination.reader.named(`/api/v1/namespaces/${secret.namespace}/secrets`, secret.name, METADATA_ONLY);
    if (seen.why === 'absent') return [{ severity: 'error', saw: `Secret ${nameOf(secret)} is gone`, mend: `apply the manifests again, or \`kubectl create secret generic -n ${secret.namespace} ${secret.name}\`: the runtime fills the empty Secret` }];
    if (seen.why !== undefined) return [notSeen(`Secret ${nameOf(secret)}`, seen)];
    return [{ severity: 'ok', saw: `Secret ${nameOf(secret)} is there` }];
  },
};
