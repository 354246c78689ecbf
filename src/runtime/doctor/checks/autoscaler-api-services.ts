import { availabilityOf, leadsToNoService } from './api-services';
import { Check, Finding } from '../check';
import { notSeen } from '../findings';
import { nameOf } from '../objects';

/** Every version that an autoscaler may ask. */
const NAMES = ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io', 'v1beta1.external.metrics.k8s.io'];

export const AUTOSCALER_API_SERVICES: Check = {
  id: 'autoscaler-api-services',
  title: 'kube-apiserver finds the adapters of custom and external metrics well, where there are any',
  meaning: 'HorizontalPodAutoscalers read metrics of type Pods and Object from `custom.metrics.k8s.io`, those of type External from `external.metrics.k8s.io`. Each group is'
    + ' registered by APIServices of its own, which lead to an adapter; a cluster without them scales by CPU and memory only. Of adapters nothing else is looked at.',
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
    return unseen.concat(registered.flatMap(({ name, seen }): Finding[] => {
      if (seen.why !== undefined) return [];
      const { service } = seen.object.spec;
      if (!service) return [leadsToNoService(name, 'adapter')];
      const behind = `Service ${nameOf(service)}, its pods and their log`;
      return [
        availabilityOf(seen.object, `see ${behind}`),
        { severity: 'skipped', saw: `not looked at: what is behind ${name}`, mend: `if an autoscaler lacks a metric of it, see ${behind}, and docs/autoscalers.md` },
      ];
    }));
  },
};
