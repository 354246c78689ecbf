import { Check } from '../check';
import { notSeen } from '../findings';
import { nameOf } from '../objects';

export const SERVER_FLAGS: Check = {
  id: 'server-flags',
  title: 'the flags of the server are known',
  meaning: 'Checks of kubelets, rights and figures are made as the server\'s flags have it: which addresses, which trust, which resolution. They are read from the first process'
    + ' where the doctor runs beside the server, else from a pod of the server, else from its Deployment. Where none can be seen, the defaults are assumed.'
    + ' Files that flags name are read in the pod only.',
  mend: 'Run the doctor in the server\'s pod, or give it the flags of the server that matter: `--kubelet-preferred-address-types=…`, `--kubelet-insecure-tls`,'
    + ' `--metric-resolution=…`.',
  async run(examination) {
    const { source, given, unread } = await examination.serverFlags();
    const without = unread.length > 0 ? `, but for ${unread.join(', ')}, whose files only its pods have` : '';
    if (source.why === undefined) return [{ severity: 'ok', saw: `flags of ${source.object}${without}` }];
    if (given.length > 0) return [{ severity: 'ok', saw: `${given.join(', ')} as the doctor was given, defaults otherwise` }];
    const mend = 'run the doctor in the server\'s pod, or give it the server\'s flags, such as --kubelet-preferred-address-types=InternalIP';
    return [{ ...notSeen(`the flags of server ${nameOf(await examination.target())}, whose defaults are assumed`, source), mend }];
  },
};
