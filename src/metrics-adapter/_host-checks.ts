import { IConstruct } from 'constructs';
import { MetricsAdapterProps } from './metrics-adapter-props';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { Check, refuse } from '../validation/_validation';

/** What an adapter has of its own beside a host, whose pods, Service and certificate serve the metrics. */
const OWN: readonly string[] = ['host', 'sources', 'adapters', 'customMetrics', 'externalMetrics', 'apiServices'] satisfies (keyof MetricsAdapterProps)[];

export const checkHost: Check = (scope, property, value) => {
  if (value instanceof ExtensionApiServer && value._hostsMetrics) return;
  refuse(scope, {
    property,
    given: value,
    allowed: 'the server of a MetricsServer with the companion image, which alone serves such metrics too',
    mend: 'write host: metricsServer.server, or leave host out for pods of the adapter\'s own',
  });
};

/** What host and other properties show together. */
export function checkBesideHost(scope: IConstruct, host: ExtensionApiServer, props: MetricsAdapterProps): void {
  const [other] = Object.entries(props).filter(([name, value]) => value !== undefined && !OWN.includes(name));
  if (other) {
    refuse(scope, {
      property: other[0],
      given: other[1],
      allowed: `none beside host: ${OWN.slice(1).join(', ')} are the adapter's own there`,
      mend: other[0] === 'resourceRules' ? 'remove it: the host has metrics.k8s.io from kubelets' : 'remove it, and write it in the properties of the host where it has it',
    });
  }
  checkLedTo(scope, host, props);
  // The host's ServiceAccount may do more than read metrics: nobody else gets its token.
  const shown = (['sources', 'adapters'] as const).flatMap((property) => (
    (props[property] ?? []).flatMap(({ _takesServiceAccount }, index) => _takesServiceAccount ? [`${property}[${index}].credentials`] : [])
  ));
  if (shown.length === 0) return;
  refuse(scope, {
    property: shown[0],
    given: 'the token of the host\'s ServiceAccount, which may read kubelets and write the host\'s certificate',
    allowed: 'credentials that are for this adapter alone',
    mend: 'give credentials or clientCertificate, or leave host out for pods of the adapter\'s own',
  });
}

/** Of a host that nobody is led to, nobody expects more than it says itself. */
function checkLedTo(scope: IConstruct, { aggregatedApiService, node }: ExtensionApiServer, { apiServices = true }: MetricsAdapterProps): void {
  if (!apiServices || aggregatedApiService.apiServices.length > 0) return;
  refuse(scope, {
    property: 'apiServices',
    given: `true beside a host with apiServices: false, ${node.path}`,
    allowed: 'false here as well, where the APIServices of custom.metrics.k8s.io and external.metrics.k8s.io are made elsewhere, too',
    mend: 'leave host out for pods of the adapter\'s own, to which its APIServices lead; or set apiServices to false',
  });
}

/** What is asked has to be reached from the host's pods. */
export function checkHostEgress(scope: IConstruct, { _networkPolicyOptions: policy, node }: ExtensionApiServer): void {
  if (!policy || policy.egress?.length && policy.dns !== undefined) return;
  refuse(scope, {
    property: 'host',
    given: `${node.path}, whose networkPolicy has ${policy.egress?.length ? 'no dns' : 'no egress'}`,
    allowed: 'a host that may reach the addresses and ports of sources, adapters and pods, and resolve their names',
    mend: 'write egress and dns in the networkPolicy of the host, as in { egress: [{ cidrs: [\'10.0.0.0/8\'], ports: [9090] }], dns: true }',
  });
}
