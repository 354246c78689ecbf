import { availabilityOf, leadsToNoService, mendOf } from './api-services';
import { Check, Finding } from '../check';
import { Examination } from '../examination';
import { notSeen } from '../findings';
import { ApiService, groupVersionPath, nameOf } from '../objects';

/** Every version that an autoscaler may ask; of two it asks the one whose priority is higher. */
const CUSTOM = ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'];
const NAMES = [...CUSTOM, 'v1beta1.external.metrics.k8s.io'];

export const AUTOSCALER_API_SERVICES: Check = {
  id: 'autoscaler-api-services',
  title: 'the adapters of custom and external metrics answer, where there are any',
  meaning: 'HorizontalPodAutoscalers read metrics of type Pods and Object from `custom.metrics.k8s.io`, those of type External from `external.metrics.k8s.io`. Each group is'
    + ' registered by APIServices of its own, which lead to an adapter; a cluster without them scales by CPU and memory only. Each adapter is asked for its discovery through'
    + ' kube-apiserver: up to Kubernetes 1.35 a `caBundle` that does not fit shows in the answer alone. Both versions of a group have to lead to the same adapter. Of values'
    + ' nothing is looked at.',
  mend: 'By cause, as for `api-service-available`. For what lies behind, docs/autoscalers.md begins at the message of the autoscaler.',
  async run(examination) {
    const all = await Promise.all(NAMES.map(async (name) => ({ name, seen: await examination.apiService(name) })));
    const registered = all.filter(({ seen }) => seen.why !== 'absent');
    if (registered.length === 0) {
      return [{ severity: 'ok', saw: 'there is no APIService of custom.metrics.k8s.io nor external.metrics.k8s.io: autoscalers can ask for CPU and memory only' }];
    }
    // The server itself may look at none of them: one line says so.
    const hidden = registered.flatMap(({ name, seen }) => seen.why === undefined ? [] : [{ name, seen }]);
    const unseen = hidden.length === 0 ? [] : [notSeen(`APIServices ${hidden.map(({ name }) => name).join(', ')}`, hidden[0].seen)];
    const seen = registered.flatMap(({ seen: { object } }) => object ? [object] : []);
    const findings = await Promise.all(seen.map((apiService) => behind(apiService, examination)));
    return [...unseen, ...findings.flat(), ...disagreement(seen)];
  },
};

async function behind(apiService: ApiService, { reader }: Examination): Promise<Finding[]> {
  const { metadata: { name }, spec: { service } } = apiService;
  if (!service) return [leadsToNoService(name, 'adapter')];
  const adapter = `Service ${nameOf(service)}, its pods and their log`;
  const available = availabilityOf(apiService, `see ${adapter}`);
  if (available.severity !== 'ok') return [available];
  const discovery = await reader.get(groupVersionPath(name));
  if (discovery.why === 'unreachable' || discovery.why === 'forbidden') return [available, notSeen(`what ${name} serves`, discovery)];
  if (discovery.why !== undefined) {
    const { message } = discovery;
    return [{ severity: 'error', saw: `${name} is said to be available, and requests to it fail: ${message}`, mend: mendOf(message) ?? `see ${adapter}` }];
  }
  return [
    { severity: 'ok', saw: `${name} is available, and answers` },
    { severity: 'skipped', saw: `not looked at: values behind ${name}`, mend: `if an autoscaler lacks a metric of it, see ${adapter}, and docs/autoscalers.md` },
  ];
}

/** What one adapter left, and another took over in part. */
function disagreement(apiServices: readonly ApiService[]): Finding[] {
  const leading = apiServices.filter(({ metadata: { name }, spec: { service } }) => CUSTOM.includes(name) && service);
  const [one, other] = leading.map(({ metadata: { name }, spec: { service } }) => ({ name, service: nameOf(service!) }));
  if (!other || one.service === other.service) return [];
  return [{
    severity: 'warning',
    saw: `${one.name} leads to Service ${one.service}, and ${other.name} to ${other.service}: autoscalers ask one of them only`,
    mend: 'see which version comes first (kubectl get --raw /apis/custom.metrics.k8s.io), and delete the APIService of the adapter that was given up',
  }];
}
