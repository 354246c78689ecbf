import { IConstruct } from 'constructs';
import { checkCaBundle } from './_ca-bundle-check';
import { AggregatedApiServiceOptions, AggregatedApiServiceProps, ApiGroupVersion, ServicePort } from './aggregated-api-service';
import { GitOps } from './git-ops';
import { ServiceType } from './service-type';
import { isBuiltInGroup } from '../_facts/api-groups';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ServiceRef } from '../kubernetes/references';
import { allOf, emptyOr, fieldsOf, instanceOf, listOf, memberOf, OptionalChecks, wholeNumber } from '../validation/_checks';
import {
  Check, checkAnnotations, checkBoolean, checkLabelKey, checkLabelName, checkLabels, checkObjectName, checkPort, checkServiceName, refuse,
} from '../validation/_validation';

const checkVersion: Check = (scope, property, version) => {
  if (typeof version === 'string' && /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(version)) return;
  refuse(scope, {
    property,
    given: version,
    allowed: 'up to 63 lower-case letters, digits and -, beginning with a letter and ending with a letter or digit',
    mend: 'write it as in v1 or v1beta1',
  });
};

const checkGroup = allOf(checkObjectName, (scope, property, group) => {
  if (!isBuiltInGroup(group as string)) return;
  refuse(scope, {
    property,
    given: group,
    allowed: 'a group with a dot that kube-apiserver does not serve itself: what it serves would be led to this server, for the whole cluster',
    mend: 'name a group below a domain of yours, such as wardle.example.com',
  });
});

const checkGroupVersion = fieldsOf<ApiGroupVersion>({ group: checkGroup, version: checkVersion }, {
  groupPriorityMinimum: wholeNumber(1, 20000),
  versionPriority: wholeNumber(1, 1000),
});

export const checkGroupVersions = allOf(listOf(checkGroupVersion), (scope, property, value) => {
  const names = (value as ApiGroupVersion[]).map(({ group, version }) => `${group}/${version}`);
  const second = names.findIndex((name, i) => names.indexOf(name) < i);
  if (second < 0) return;
  refuse(scope, { property: `${property}[${second}]`, given: names[second], allowed: 'each group version once', mend: 'remove one of the two' });
});

export const AGGREGATED_API_SERVICE_OPTION_CHECKS: OptionalChecks<AggregatedApiServiceOptions> = {
  serviceType: memberOf('ServiceType', ServiceType),
  headlessService: checkBoolean,
  serviceLabels: checkLabels,
  serviceAnnotations: checkAnnotations,
  apiServices: checkBoolean,
  apiServiceAnnotations: checkAnnotations,
  gitOps: instanceOf(GitOps),
};

/** Those of a server's properties that are its Service's and APIServices'. */
export function serviceOptionsOf(props: AggregatedApiServiceOptions): AggregatedApiServiceOptions {
  return Object.fromEntries(Object.entries(props).filter(([name]) => name in AGGREGATED_API_SERVICE_OPTION_CHECKS));
}

const checkProps = fieldsOf<AggregatedApiServiceProps>({ groupVersions: checkGroupVersions }, {
  ...AGGREGATED_API_SERVICE_OPTION_CHECKS,
  name: checkServiceName,
  namespace: checkLabelName,
  selector: checkLabels,
  service: referenceTo(ServiceRef, checkServiceName),
  servicePort: fieldsOf<ServicePort>({}, {
    port: checkPort, targetPort: checkPort, name: emptyOr(checkLabelName), appProtocol: emptyOr(checkLabelKey),
  }),
  insecureSkipTlsVerify: checkBoolean,
  caBundle: checkCaBundle,
  labels: checkLabels,
});

/** What each property of an AggregatedApiService shows by itself. */
export function checkAggregatedApiService(scope: IConstruct, props: AggregatedApiServiceProps): void {
  checkProps(scope, '', props);
  checkServesSomething(scope, props);
}

/** A server without an API is found by nobody. */
export function checkServesSomething(scope: IConstruct, { groupVersions, _mayServe }: Pick<AggregatedApiServiceProps, 'groupVersions' | '_mayServe'>): void {
  if (groupVersions.length > 0 || _mayServe) return;
  refuse(scope, { property: 'groupVersions', given: groupVersions, allowed: 'at least one', mend: 'add one to groupVersions' });
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
  checkHeadless(scope, props);
  if (props.apiServices === false) checkServiceAlone(scope, props);
  if (props.caBundle === undefined || !props.insecureSkipTlsVerify) return;
  refuse(scope, {
    property: 'caBundle',
    given: 'a CA beside insecureSkipTlsVerify',
    allowed: 'one of the two: kube-apiserver refuses an APIService with both',
    mend: 'remove insecureSkipTlsVerify so that the certificate is verified',
  });
}

/** A Service that exists is as it is. */
function checkNothingIgnored(scope: IConstruct, props: AggregatedApiServiceProps): void {
  const { name, selector, serviceType, headlessService, serviceLabels, serviceAnnotations, servicePort = {} } = props;
  const { port: _, ...rest } = servicePort;
  const ignored = Object.entries({
    name, selector, serviceType, headlessService, serviceLabels, serviceAnnotations, ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [`servicePort.${key}`, value])),
  }).find(([, value]) => value !== undefined);
  if (!ignored) return;
  refuse(scope, {
    property: ignored[0],
    given: ignored[1],
    allowed: 'beside service, which exists already, only servicePort.port',
    mend: `remove ${ignored[0]}, or service so that a Service is synthesized`,
  });
}

function checkHeadless(scope: IConstruct, { headlessService, serviceType }: AggregatedApiServiceOptions): void {
  if (!headlessService || serviceType === undefined || serviceType === ServiceType.CLUSTER_IP) return;
  refuse(scope, {
    property: 'headlessService',
    given: `true beside serviceType ${serviceType}`,
    allowed: 'only with ServiceType.CLUSTER_IP: a node port or load balancer leads to a cluster IP',
    mend: 'remove one of the two',
  });
}

function checkServiceAlone(scope: IConstruct, { service, apiServiceAnnotations, gitOps }: AggregatedApiServiceProps): void {
  const ignored = Object.entries({ apiServiceAnnotations, gitOps }).find(([, value]) => value !== undefined);
  if (ignored) {
    refuse(scope, {
      property: ignored[0],
      given: gitOps && !apiServiceAnnotations ? 'one beside apiServices: false' : apiServiceAnnotations,
      allowed: 'none where apiServices is false, since no APIService is synthesized',
      mend: 'remove one of the two',
    });
  }
  if (!service) return;
  refuse(scope, {
    property: 'apiServices',
    given: 'false beside service',
    allowed: 'one of the two, since otherwise nothing is synthesized',
    mend: 'remove the construct',
  });
}
