import { Check, Finding } from '../check';
import { Examination } from '../examination';
import { namesOf, notSeen } from '../findings';
import { API_SERVICE_NAMES, nameOf, Pod, Terminated } from '../objects';

const HTTPS = 443;

export const SERVICE: Check = {
  id: 'service',
  title: 'the Service is there, with the port that the APIService names',
  meaning: 'kube-apiserver dials the Service that the APIService names, at port 443 unless the APIService says another.',
  mend: 'Apply the Service again; make `spec.service.port` of the APIService and `spec.ports` of the Service agree; use no Service of type ExternalName.',
  async run(examination) {
    const target = nameOf(await examination.target());
    const service = await examination.service();
    if (service.why === 'absent') return [{ severity: 'error', saw: `there is no Service ${target}`, mend: 'apply the manifests of the server, or name its Service with --service' }];
    if (service.why !== undefined) return [notSeen(`Service ${target}`, service)];
    const { type, ports = [], selector } = service.object.spec;
    if (type === 'ExternalName') return [{ severity: 'error', saw: `Service ${target} is of type ExternalName`, mend: 'make it select pods: kube-apiserver with aggregator routing refuses others' }];
    const wanted = await wantedPorts(examination);
    const missing = wanted.filter((port) => !ports.some((one) => one.port === port));
    if (missing.length > 0) {
      const has = ports.map(({ port }) => port).join(', ') || 'none';
      return [{ severity: 'error', saw: `the APIService names port ${missing.join(', ')}, and Service ${target} has ${has}`, mend: 'make the two agree' }];
    }
    if (!selector) return [{ severity: 'warning', saw: `Service ${target} selects no pods by itself`, mend: 'see that whoever writes its EndpointSlices does' }];
    return [{ severity: 'ok', saw: `Service ${target} has port ${wanted.join(', ')}` }];
  },
};

export const ENDPOINTS: Check = {
  id: 'endpoints',
  title: 'pods of the server are ready',
  meaning: 'Only pods that are Ready are endpoints of the Service. The server is not ready before it has metrics to serve (`no metrics to serve`), and, with the companion'
    + ' runtime, before it knows kube-apiserver and has its certificate.',
  mend: 'See what the pods wait for: their events, and their log, which has the reason of each failed probe. Where no metrics are to serve, see the checks of kubelets.',
  async run(examination) {
    const target = nameOf(await examination.target());
    const [endpoints, pods] = await Promise.all([examination.endpoints(), examination.pods()]);
    if (endpoints.why !== undefined) return [notSeen(`EndpointSlices of Service ${target}`, endpoints)];
    const ready = endpoints.object.filter((endpoint) => endpoint.ready).map(({ host, port }) => `${host}:${port}`);
    const troubles = (pods.object ?? []).flatMap(troubleOf);
    if (ready.length > 0) {
      return [
        { severity: 'ok', saw: `Service ${target} leads to ${namesOf(ready)}` },
        ...troubles.map((saw): Finding => ({ severity: 'warning', saw, mend: 'see the events and the log of the pod' })),
      ];
    }
    const saw = `Service ${target} has no endpoint that is ready`;
    if (troubles.length > 0) return [{ severity: 'error', saw: `${saw}: ${namesOf(troubles)}`, mend: 'see the events and the log of the pods' }];
    if (pods.object?.length === 0) return [await withoutPods(saw, examination)];
    return [{ severity: 'error', saw: `${saw}: no pod is ready`, mend: 'see the events and the log of the pods' }];
  },
};

async function wantedPorts(examination: Examination): Promise<number[]> {
  const registered = await Promise.all(API_SERVICE_NAMES.map((name) => examination.apiService(name)));
  const ports = registered.flatMap(({ object }) => object?.spec.service ? [object.spec.service.port ?? HTTPS] : []);
  return [...new Set(ports)];
}

/** Why a pod is not ready. */
function troubleOf({ metadata, status = {} }: Pod): string[] {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return [];
  const waiting = status.containerStatuses?.map(({ name, state, lastState, restartCount = 0 }) => {
    const ended = lastState?.terminated;
    const restarts = restartCount > 0 ? ` after ${restartCount} restarts` : '';
    if (state?.waiting) return `${name} waits: ${state.waiting.reason ?? 'unknown'}${restarts}${ended ? `, ended with ${ended.reason ?? 'an error'} (exit code ${ended.exitCode})${lastWords(ended)}` : ''}`;
    return `${name} runs and is not ready${restarts}`;
  });
  const scheduled = status.conditions?.find(({ type, status: value }) => type === 'PodScheduled' && value === 'False');
  const why = scheduled ? `not scheduled: ${scheduled.message ?? scheduled.reason}` : waiting?.join(', ') ?? status.phase ?? 'no status';
  return [`pod ${metadata.name}: ${why}`];
}

/** What the server said last, where the pod has it. */
function lastWords({ message = '' }: Terminated): string {
  const [, words] = /^(?:Error|panic): (.+)$/m.exec(message) ?? [];
  return words === undefined ? '' : `: ${words}`;
}

/** Why there are none. */
async function withoutPods(saw: string, examination: Examination): Promise<Finding> {
  const { namespace } = await examination.target();
  const { object } = await examination.deployment();
  if (object === undefined) return { severity: 'error', saw: `${saw}: its selector matches no pod`, mend: 'apply the Deployment of the server, whose pods have the labels that the Service selects' };
  const { metadata: { name }, spec: { replicas = 1 }, status } = object;
  if (replicas === 0) return { severity: 'error', saw: `${saw}: Deployment ${name} has 0 replicas`, mend: `\`kubectl scale deployment -n ${namespace} ${name} --replicas=1\`` };
  const failure = status?.conditions?.find(({ type, status: value }) => type === 'ReplicaFailure' && value === 'True');
  const because = failure?.message ?? 'has no pods';
  return { severity: 'error', saw: `${saw}: Deployment ${name}: ${because}`, mend: `see \`kubectl describe deployment,replicaset -n ${namespace}\`` };
}
