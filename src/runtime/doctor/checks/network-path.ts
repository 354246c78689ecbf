import { Check, Finding } from '../check';
import { Endpoint, Examination } from '../examination';
import { FROM_INSIDE, namesOf, notSeen } from '../findings';
import { API_SERVICE_NAMES, isAvailable } from '../objects';

const MAX_ENDPOINTS = 5;

export const NETWORK_PATH: Check = {
  id: 'network-path',
  title: 'the pods can be dialled',
  meaning: 'The doctor dials the pods of the server and their Service from where it runs. In a pod it must succeed. From outside it mostly cannot: then kube-apiserver\'s'
    + ' word counts, an APIService that is available.',
  mend: 'Open the port of the pods in NetworkPolicies and firewalls. Where pods can be dialled and their Service cannot, kube-proxy does not know the Service.',
  async run(examination) {
    const seen = await examination.endpoints();
    if (seen.why !== undefined) return [notSeen('endpoints to dial', seen)];
    const endpoints = seen.object.filter(({ ready }) => ready).slice(0, MAX_ENDPOINTS);
    if (endpoints.length === 0) return [{ severity: 'unknown', saw: 'there is no endpoint to dial: see endpoints' }];
    const pods = await dial(endpoints, examination);
    if (!examination.inCluster && pods.reached.length === 0) return [await fromOutside(pods, examination)];
    const findings = [verdict('pods', pods)];
    const cluster = await serviceAddress(examination);
    if (cluster && examination.inCluster) findings.push(verdict('the Service', await dial([cluster], examination)));
    return findings;
  },
};

interface Dialled {
  readonly reached: readonly string[];
  readonly failed: readonly string[];
}

async function dial(endpoints: readonly Endpoint[], examination: Examination): Promise<Dialled> {
  const { name, namespace } = await examination.target();
  const dialled = await Promise.all(endpoints.map(async ({ host, port }) => {
    const probe = await examination.probeTls({ host, port, serverName: `${name}.${namespace}.svc`, ca: undefined });
    return { at: `${host}:${port}`, message: probe.kind === 'unreachable' ? probe.message : undefined };
  }));
  return {
    reached: dialled.filter(({ message }) => message === undefined).map(({ at }) => at),
    failed: dialled.filter(({ message }) => message !== undefined).map(({ at, message }) => `${at}: ${message}`),
  };
}

/** Where pods are not to be dialled from, kube-apiserver is asked whether it could. */
async function fromOutside({ failed }: Dialled, examination: Examination): Promise<Finding> {
  const registered = await Promise.all(API_SERVICE_NAMES.map((name) => examination.apiService(name)));
  const here = `outside of the cluster, ${namesOf(failed)}`;
  if (registered.some(({ object }) => isAvailable(object))) return { severity: 'ok', saw: `kube-apiserver can dial the server; the pods cannot be dialled from here, ${here}` };
  return { severity: 'unknown', saw: `pods cannot be dialled from here, ${here}`, mend: FROM_INSIDE };
}

function verdict(what: string, { reached, failed }: Dialled): Finding {
  if (failed.length === 0) return { severity: 'ok', saw: `${what} can be dialled from here: ${namesOf(reached)}` };
  return { severity: 'error', saw: `${what} cannot be dialled from here: ${namesOf(failed)}`, mend: 'check NetworkPolicies, firewalls and, for the Service, kube-proxy' };
}

async function serviceAddress(examination: Examination): Promise<Endpoint | undefined> {
  const { clusterIP, ports = [] } = (await examination.service()).object?.spec ?? {};
  return clusterIP && clusterIP !== 'None' && ports.length > 0 ? { host: clusterIP, port: ports[0].port, ready: true } : undefined;
}
