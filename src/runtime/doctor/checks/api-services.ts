import { Check, Finding } from '../check';
import { notSeen } from '../findings';
import { API_SERVICE_NAMES, ApiService, nameOf } from '../objects';

/** What kube-apiserver says when it cannot reach the server, and what that means. The first that fits counts. */
const CAUSES: readonly { readonly said: RegExp; readonly mend: string }[] = [
  {
    said: /No agent available|proxy error|\bBad Gateway\b/,
    mend: 'the control plane cannot reach the Service through its tunnel to the nodes: see that the agents of the tunnel run on the nodes, and their log (konnectivity-agent in'
      + ' kube-system; the agents of k3s and RKE2), and open the port of the pods to them in firewalls and NetworkPolicies',
  },
  {
    said: /: 401$|\bUnauthorized\b/,
    mend: 'the server does not know kube-apiserver: see requestheader-ca, and the log of the server; the name in kube-apiserver\'s --proxy-client-cert-file must be one of'
      + ' --requestheader-allowed-names',
  },
  {
    said: /: 403$|\bForbidden\b/,
    mend: 'kube-apiserver shows no client certificate, so that its requests arrive as system:anonymous: start it with --proxy-client-cert-file and --proxy-client-key-file',
  },
  {
    said: /x509: certificate signed by unknown authority|x509: certificate is not trusted/,
    mend: 'caBundle of the APIService is not the CA that signed the serving certificate: see ca-bundle',
  },
  {
    said: /x509: /,
    mend: 'the serving certificate must be for <service>.<namespace>.svc and valid now: see ca-bundle',
  },
  {
    said: /refused/,
    mend: 'nothing listens where the Service leads: see endpoints, and that the port is the one of --secure-port; where they are well, the control plane cannot reach the'
      + ' Service: open the port of the pods to it, or start kube-apiserver with --enable-aggregator-routing=true where its host does not route cluster IPs',
  },
  {
    said: /timeout|deadline exceeded|Client\.Timeout|no route to host|network is unreachable|host is down|operation not permitted|connection reset|\bEOF\b|no such host/,
    mend: 'the control plane cannot reach the Service: open the port of the pods to it in firewalls and NetworkPolicies, start kube-apiserver with'
      + ' --enable-aggregator-routing=true where its host does not route cluster IPs, or run the server on the host\'s network',
  },
];

export const API_SERVICE_REGISTERED: Check = {
  id: 'api-service-registered',
  title: 'an APIService leads from kube-apiserver to the server',
  meaning: 'APIServices `v1.metrics.k8s.io` and `v1beta1.metrics.k8s.io` register the metrics API. kubectl before 1.37 and HorizontalPodAutoscalers read `v1beta1`;'
    + ' metrics-server itself serves no `v1`. Without them `kubectl top` says `error: Metrics API not available`.',
  mend: 'Apply the manifests of the server, its APIService included. Where a platform registers a server of its own under the same name, use one or the other.',
  async run(examination) {
    const target = await examination.target();
    const all = await Promise.all(API_SERVICE_NAMES.map(async (name) => ({ name, seen: await examination.apiService(name) })));
    const findings = all.flatMap(({ name, seen }): Finding[] => {
      if (seen.why === 'absent') return [];
      if (seen.why !== undefined) return [notSeen(`APIService ${name}`, seen)];
      const { service } = seen.object.spec;
      if (!service) return [leadsToNoService(name, 'server')];
      const saw = `${name} leads to Service ${nameOf(service)}`;
      if (nameOf(service) === nameOf(target)) return [{ severity: 'ok', saw }];
      return [{ severity: 'error', saw: `${saw}, not to ${nameOf(target)}`, mend: 'two servers want the same API: remove one, or name the right one with --service' }];
    });
    if (findings.length > 0) return findings;
    return [{ severity: 'error', saw: `there is no APIService ${API_SERVICE_NAMES.join(' nor ')}`, mend: 'apply the manifests of the server, its APIService included' }];
  },
};

export const API_SERVICE_AVAILABLE: Check = {
  id: 'api-service-available',
  title: 'kube-apiserver finds the server well',
  meaning: 'Condition Available of each APIService says whether kube-apiserver could reach the server and read its discovery. `FailedDiscoveryCheck` means that it'
    + ' asked and got no good answer; `MissingEndpoints`, `ServiceNotFound` and `EndpointsNotFound` that it had nobody to ask. The message holds the cause.',
  mend: 'By cause: after `: 401`, mend what check `requestheader-ca` says; after `: 403`, give kube-apiserver `--proxy-client-cert-file`; after `x509`, mend what'
    + ' `ca-bundle` says; after a timeout or a refused connection, the control plane cannot reach Services: open the network to it, or start kube-apiserver with'
    + ' `--enable-aggregator-routing=true`; after `No agent available` or `proxy error`, see the agents of the tunnel from the control plane to the nodes.',
  async run(examination) {
    const all = await Promise.all(API_SERVICE_NAMES.map(async (name) => ({ name, seen: await examination.apiService(name) })));
    return all.flatMap(({ seen }) => seen.object?.spec.service ? [availabilityOf(seen.object)] : []);
  },
};

/** Of what kube-apiserver says when it cannot reach a server. */
export function mendOf(message: string): string | undefined {
  return CAUSES.find(({ said }) => said.test(message))?.mend;
}

/** It is local to kube-apiserver. */
export function leadsToNoService(name: string, whose: 'server' | 'adapter'): Finding {
  return { severity: 'error', saw: `${name} leads to no Service: kube-apiserver serves it itself`, mend: `apply the APIService of the ${whose}` };
}

/** What condition Available says; `mend` is for causes that its message does not tell. */
export function availabilityOf({ metadata: { name }, status }: ApiService, mend?: string): Finding {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  if (!condition) return { severity: 'warning', saw: `${name} has no condition Available`, mend: 'wait a few seconds: kube-apiserver has not looked at it yet' };
  const { status: value, reason = '', message = '' } = condition;
  if (value === 'True') return { severity: 'ok', saw: `${name} is available` };
  return {
    severity: 'error',
    saw: `${name} is not available: ${reason}: ${message}`,
    mend: mendOf(message) ?? mend ?? (reason === 'FailedDiscoveryCheck' ? 'see the log of the server' : 'see service and endpoints'),
  };
}
