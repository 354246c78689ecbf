import { Check, Finding } from '../check';
import { Endpoint, Examination } from '../examination';
import { namesOf } from '../findings';

const MAX_ENDPOINTS = 5;

export const NETWORK_PATH: Check = {
  id: 'network-path',
  title: 'the pods can be dialled',
  meaning: 'The doctor dials the pods of the server and their Service from where it runs. In a pod it must succeed. From outside it mostly cannot, and says so; whether the'
    + ' control plane can, `api-service-available` tells.',
  mend: 'Open the port of the pods in NetworkPolicies and firewalls. Where pods can be dialled and their Service cannot, kube-proxy does not know the Service.',
  async run(examination) {
    const endpoints = ((await examination.endpoints()).object ?? []).filter(({ ready }) => ready).slice(0, MAX_ENDPOINTS);
    if (endpoints.length === 0) return [{ severity: 'unknown', saw: 'there is no endpoint to dial' }];
    const pods = await dial(endpoints, examination);
    const findings = [verdict('pods', pods, examination)];
    const cluster = await serviceAddress(examination);
    if (cluster && examination.inCluster) findings.push(verdict('the Service', await dial([cluster], examination), examination));
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

function verdict(what: string, { reached, failed }: Dialled, { inCluster }: Examination): Finding {
  if (failed.length === 0) return { severity: 'ok', saw: `${what} can be dialled from here: ${namesOf(reached)}` };
  if (!inCluster && reached.length === 0) return { severity: 'unknown', saw: `${what} cannot be dialled from here, outside of the cluster: ${namesOf(failed)}` };
  return { severity: 'error', saw: `${what} cannot be dialled from here: ${namesOf(failed)}`, mend: 'check NetworkPolicies, firewalls and, for the Service, kube-proxy' };
}

async function serviceAddress(examination: Examination): Promise<Endpoint | undefined> {
  const { clusterIP, ports = [] } = (await examination.service()).object?.spec ?? {};
  return clusterIP && clusterIP !== 'None' && ports.length > 0 ? { host: clusterIP, port: ports[0].port, ready: true } : undefined;
}
