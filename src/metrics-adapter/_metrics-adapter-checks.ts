import { IConstruct } from 'constructs';
import { checkResourceRules } from './_discovery-rule-checks';
import { checkHost, checkHostEgress } from './_host-checks';
import { MetricSource } from './metric-source';
import { MetricsAdapterProps } from './metrics-adapter-props';
import { OtherAdapter } from './other-adapter';
import { ImageFacts } from '../_facts/images';
import { INSTEAD_IN_OPTIONS, OPTION_CHECKS } from '../extension-api-server/_extension-api-server-checks';
import { checkServerResources } from '../pod/_pod-checks';
import { Image } from '../pod/image';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { fieldsOf, instanceOf, listOf } from '../validation/_checks';
import { checkBoolean, checkLabels, checkSeconds, checkServiceName, checkText, refuse } from '../validation/_validation';

/** What each property shows by itself. */
export const checkMetricsAdapter = fieldsOf<MetricsAdapterProps>({}, {
  ...OPTION_CHECKS,
  sources: listOf(instanceOf(MetricSource)),
  adapters: listOf(instanceOf(OtherAdapter)),
  host: checkHost,
  name: checkServiceName,
  image: instanceOf(Image),
  servingCertificate: instanceOf(ServingCertificate),
  selectorLabels: checkLabels,
  resources: checkServerResources,
  customMetrics: checkBoolean,
  externalMetrics: checkBoolean,
  resourceRules: checkResourceRules,
  shutdownDelay: (scope, property, value) => checkSeconds(scope, property, value, 0),
  extraArgs: listOf(checkText),
}, {
  ...INSTEAD_IN_OPTIONS,
  args: 'write extraArgs',
  clusterRules: 'remove it: the rights of an adapter follow from its metrics',
  groupVersions: 'set customMetrics or externalMetrics to false for what another adapter serves',
});

/** What the properties show together. */
export function checkMetricsAdapterTogether(scope: IConstruct, props: MetricsAdapterProps, namespace: string): void {
  const { sources = [], adapters = [] } = props;
  sources.forEach((source, i) => source._check(scope, `sources[${i}]`, namespace));
  adapters.forEach((adapter, i) => adapter._check(scope, `adapters[${i}]`, namespace));
  checkNames(scope, [...sources.map(({ _name }, i) => [`sources[${i}]`, _name] as const), ...adapters.map(({ _name }, i) => [`adapters[${i}]`, _name] as const)]);
  if (props.resourceRules && !sources.some(({ _isPrometheus }) => _isPrometheus)) {
    refuse(scope, { property: 'sources', given: 'none beside resourceRules', allowed: 'at least one, which they are asked of', mend: 'add MetricSource.prometheus({ url: … }) to sources' });
  }
  if (props.customMetrics === false && props.externalMetrics === false && !props.resourceRules) {
    refuse(scope, { property: 'externalMetrics', given: 'false beside customMetrics: false', allowed: 'one of them at least', mend: 'leave one of the two out, or remove the adapter' });
  }
  if (sources.length + adapters.length > 0) checkEgress(scope, props);
}

/** What is asked has to be reached. */
export function checkEgress(scope: IConstruct, { host, networkPolicy }: MetricsAdapterProps): void {
  if (host) checkHostEgress(scope, host);
  if (networkPolicy && !networkPolicy.egress?.length) {
    refuse(scope, {
      property: 'networkPolicy.egress',
      given: networkPolicy.egress,
      allowed: 'the addresses and ports of sources, adapters and pods, which could not be reached otherwise',
      mend: 'write egress as in [{ cidrs: [\'10.0.0.0/8\'], ports: [9090] }], with the addresses of their pods where they are in the cluster',
    });
  }
}

/** Messages and metrics tell them apart by these. */
function checkNames(scope: IConstruct, named: readonly (readonly [property: string, name: string])[]): void {
  const twice = named.find(([, name], i) => named.findIndex(([, other]) => other === name) !== i);
  if (!twice) return;
  refuse(scope, { property: `${twice[0]}.name`, given: twice[1], allowed: 'a name of its own for each source and adapter', mend: 'set name in its options to another one' });
}

export function checkIsCompanion(scope: IConstruct, { reference }: Image, { companion }: ImageFacts): void {
  if (companion) return;
  refuse(scope, {
    property: 'image',
    given: reference,
    allowed: 'the companion image, which alone has the adapter',
    mend: 'leave image out, or set it to Image.custom(reference, { compatibleWith: Image.companion() }) for a mirror of it',
  });
}
