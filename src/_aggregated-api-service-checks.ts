import { IConstruct } from 'constructs';
import { checkCaBundle } from './_ca-bundle-check';
import { allOf, emptyOr, fieldsOf, instanceOf, listOf, wholeNumber } from './_checks';
import { checkSameNamespace, referenceTo } from './_reference-checks';
import { Check, checkAnnotations, checkBoolean, checkLabelKey, checkLabelName, checkLabels, checkObjectName, checkPort, checkServiceName, refuse } from './_validation';
import { AggregatedApiServiceProps, ApiGroupVersion, ServicePort } from './aggregated-api-service';
import { GitOps } from './git-ops';
import { ServiceRef } from './references';

const checkVersion: Check = (scope, property, version) => {
  if (typeof version === 'string' && /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(version)) return;
  refuse(scope, {
    property,
    given: version,
    allowed: 'up to 63 lower-case letters, digits and -, beginning with a letter and ending with a letter or digit',
    mend: 'write it as in v1 or v1beta1',
  });
};

const checkGroupVersion = fieldsOf<ApiGroupVersion>({ group: checkObjectName, version: checkVersion }, {
  groupPriorityMinimum: wholeNumber(1, 20000),
  versionPriority: wholeNumber(1, 1000),
});

export const checkGroupVersions = allOf(listOf(checkGroupVersion, 1), (scope, property, value) => {
  const names = (value as ApiGroupVersion[]).map(({ group, version }) => `${group}/${version}`);
  const second = names.findIndex((name, i) => names.indexOf(name) < i);
  if (second < 0) return;
  refuse(scope, { property: `${property}[${second}]`, given: names[second], allowed: 'each group version once', mend: 'remove one of the two' });
});

const checkProps = fieldsOf<AggregatedApiServiceProps>({ groupVersions: checkGroupVersions }, {
  name: checkServiceName,
  namespace: checkLabelName,
  selector: checkLabels,
  service: referenceTo(ServiceRef, checkServiceName),
  servicePort: fieldsOf<ServicePort>({}, {
    port: checkPort, targetPort: checkPort, name: emptyOr(checkLabelName), appProtocol: emptyOr(checkLabelKey),
  }),
  insecureSkipTlsVerify: checkBoolean,
  caBundle: checkCaBundle,
  apiServiceAnnotations: checkAnnotations,
  labels: checkLabels,
  serviceLabels: checkLabels,
  gitOps: instanceOf(GitOps),
});

/** What each property of an AggregatedApiService shows by itself. */
export function checkAggregatedApiService(scope: IConstruct, props: AggregatedApiServiceProps): void {
  checkProps(scope, '', props);
}

/** What the properties show together. */
export function checkAggregatedApiServiceTogether(scope: IConstruct, props: AggregatedApiServiceProps, namespace: string): void {
  checkLabelName(scope, 'namespace', namespace);
  if (props.service) {
    checkSameNamespace(scope, 'service', props.service, namespace);
    checkNothingIgnored(scope, props);
  } else {
    checkServiceName(scope, 'name', props.name);
    if (Object.keys(props.selector ?? {}).length === 0) {
      refuse(scope, {
        property: 'selector',
        given: props.selector,
        allowed: 'at least one label of the pods that serve the API',
        mend: 'set selector, or service if a Service exists already',
      });
    }
  }
  if (props.caBundle === undefined || !props.insecureSkipTlsVerify) return;
  refuse(scope, {
    property: 'caBundle',
    given: 'a CA beside insecureSkipTlsVerify',
    allowed: 'one of the two: kube-apiserver refuses an APIService with both',
    mend: 'remove insecureSkipTlsVerify so that the certificate is verified',
  });
}

/** A Service that exists is as it is. */
function checkNothingIgnored(scope: IConstruct, { name, selector, serviceLabels, servicePort = {} }: AggregatedApiServiceProps): void {
  const { port: _, ...rest } = servicePort;
  const ignored = Object.entries({
    name, selector, serviceLabels, ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [`servicePort.${key}`, value])),
  }).find(([, value]) => value !== undefined);
  if (!ignored) return;
  refuse(scope, {
    property: ignored[0],
    given: ignored[1],
    allowed: 'beside service, which exists already, only servicePort.port',
    mend: `remove ${ignored[0]}, or service so that a Service is synthesized`,
  });
}
