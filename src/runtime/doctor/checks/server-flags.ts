import { Check, Finding } from '../check';
import { Examination } from '../examination';
import { notSeen } from '../findings';
import { nameOf, serves } from '../objects';
import { refusedFlags, refusedFlagsOf } from '../refused-flags';

const CORRECT = 'correct the flag in the manifests of the server, which does not start with it; the other checks are made without it';

export const SERVER_FLAGS: Check = {
  id: 'server-flags',
  title: 'the flags of the server are known, and right',
  meaning: 'Checks of kubelets, rights and figures are made as the server\'s flags have it: which addresses, which trust, which resolution. They are read from the first process'
    + ' where the doctor runs beside the server, else from a pod of the server, else from its Deployment. Where none can be seen, the defaults are assumed.'
    + ' Files that flags name are read in the pod only. A flag that is wrong keeps the server from starting; the other checks are made without it.'
    + ' A flag that is not known is one only where its pod has ended with an error: what else may be meant is named, or which image knows it.',
  mend: 'Correct the flag that is wrong in the manifests of the server. Where flags cannot be seen, run the doctor in the server\'s pod, or give it the flags of the server that matter: `--kubelet-preferred-address-types=…`, `--kubelet-insecure-tls`,'
    + ' `--metric-resolution=…`.',
  async run(examination) {
    const { source, given, unread, wrong } = await examination.serverFlags();
    const refused = await refusals(examination);
    const mistaken = wrong.map((mistake): Finding => ({ severity: 'error', saw: `flags of ${source.object}: ${mistake}`, mend: CORRECT }));
    if (refused.length + mistaken.length > 0) return [...refused, ...mistaken];
    const without = unread.length > 0 ? `, but for ${unread.join(', ')}, whose files only its pods have` : '';
    if (source.why === undefined) return [{ severity: 'ok', saw: `flags of ${source.object}${without}` }];
    if (given.length > 0) return [{ severity: 'ok', saw: `${given.join(', ')} as the doctor was given, defaults otherwise` }];
    const mend = 'run the doctor in the server\'s pod, or give it the server\'s flags, such as --kubelet-preferred-address-types=InternalIP';
    return [{ ...notSeen(`the flags of server ${nameOf(await examination.target())}, whose defaults are assumed`, source), mend }];
  },
};

/** Flags that pods ended at, each once: an error as long as no other pod serves. */
async function refusals(examination: Examination): Promise<Finding[]> {
  const { namespace } = await examination.target();
  const { object: pods = [] } = await examination.pods();
  const deployment = pods.length > 0 ? undefined : (await examination.deployment()).object;
  const found = [
    ...pods.flatMap((pod) => refusedFlags(pod).map((mistake) => ({ mistake, where: `Pod ${namespace}/${pod.metadata.name}` }))),
    ...deployment ? refusedFlagsOf(deployment).map((mistake) => ({ mistake, where: `Deployment ${namespace}/${deployment.metadata.name}` })) : [],
  ];
  const severity = pods.some(serves) ? 'warning' : 'error';
  return found
    .filter(({ mistake }, index) => found.findIndex((one) => one.mistake === mistake) === index)
    .map(({ mistake, where }) => ({ severity, saw: `flags of ${where}: ${mistake}`, mend: CORRECT }));
}
