import { IConstruct } from 'constructs';
import { AGGREGATED_API_SERVICE_OPTION_CHECKS } from './_aggregated-api-service-checks';
import { allOf, fieldsOf, instanceOf, listOf, memberOf, OptionalChecks, wholeNumber } from './_checks';
import { checkCidr } from './_cidr-checks';
import { checkSameNamespace, referenceTo } from './_reference-checks';
import { Check, checkAnnotations, checkBoolean, checkInteger, checkLabelName, checkObjectName, checkPort, refuse } from './_validation';
import { DisruptionBudget, UnhealthyPodEvictionPolicy } from './disruption-budget';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { NetworkPolicyEgress, NetworkPolicyOptions } from './network-policy-options';
import { ObjectOptions } from './object-options';
import { PercentOrAbsolute } from './percent-or-absolute';
import { SecretRef } from './references';
import { RollingUpdateOptions, UpdateStrategy } from './update-strategy';

function podCount(maxPercent = 100): Check {
  return allOf(instanceOf(PercentOrAbsolute), (scope, property, value) => {
    const { _amount, _isPercent } = value as PercentOrAbsolute;
    checkInteger(scope, property, _amount ?? null, 0, _isPercent ? maxPercent : Number.MAX_SAFE_INTEGER);
  });
}

const checkRollingUpdate = allOf(
  fieldsOf<RollingUpdateOptions>({}, { maxUnavailable: podCount(), maxSurge: podCount(Number.MAX_SAFE_INTEGER) }),
  (scope, property, value) => {
    const { maxUnavailable, maxSurge } = value as RollingUpdateOptions;
    if (maxUnavailable?._amount !== 0 || maxSurge?._amount !== 0) return;
    refuse(scope, {
      property: `${property}.maxUnavailable`,
      given: '0 beside a maxSurge of 0',
      allowed: 'one of the two above zero, or no update ever begins',
      mend: 'set one of them to PercentOrAbsolute.absolute(1)',
    });
  },
);

const checkUpdateStrategy = allOf(instanceOf(UpdateStrategy), (scope, property, value) => {
  const { _type, _rollingUpdate } = value as UpdateStrategy;
  if (_type === 'RollingUpdate') checkRollingUpdate(scope, property, _rollingUpdate);
});

const checkDisruptionBudget = allOf(
  fieldsOf<DisruptionBudget>({}, {
    minAvailable: podCount(),
    maxUnavailable: podCount(),
    unhealthyPodEvictionPolicy: memberOf('UnhealthyPodEvictionPolicy', UnhealthyPodEvictionPolicy),
  }),
  (scope, property, value) => {
    const { minAvailable, maxUnavailable } = value as DisruptionBudget;
    if (minAvailable === undefined || maxUnavailable === undefined) return;
    refuse(scope, {
      property: `${property}.maxUnavailable`,
      given: `${maxUnavailable._wire} beside minAvailable`,
      allowed: 'one of the two: kube-apiserver refuses a PodDisruptionBudget with both',
      mend: 'remove one of them',
    });
  },
);

const checkNetworkPolicy = fieldsOf<NetworkPolicyOptions>({}, {
  apiServerCidrs: listOf(checkCidr, 1),
  apiServerPorts: listOf(checkPort, 1),
  nodeCidrs: listOf(checkCidr, 1),
  kubeletPorts: listOf(checkPort, 1),
  dns: checkBoolean,
  scraperNamespaces: listOf(checkLabelName),
  egress: listOf(fieldsOf<NetworkPolicyEgress>({ cidrs: listOf(checkCidr, 1), ports: listOf(checkPort, 1) }, {})),
});

export const OBJECT_CHECKS: OptionalChecks<ObjectOptions> = {
  ...AGGREGATED_API_SERVICE_OPTION_CHECKS,
  servicePort: checkPort,
  deploymentAnnotations: checkAnnotations,
  revisionHistoryLimit: wholeNumber(0, 2 ** 31 - 1),
  updateStrategy: checkUpdateStrategy,
  serviceAccountName: checkObjectName,
  serviceAccountAnnotations: checkAnnotations,
  serviceAccountSecrets: listOf(referenceTo(SecretRef, checkObjectName)),
  rbac: checkBoolean,
  authBindings: checkBoolean,
  disruptionBudget: checkDisruptionBudget,
  highAvailability: checkBoolean,
  networkPolicy: checkNetworkPolicy,
};

/** What the properties show together. */
export function checkObjectsTogether(scope: IConstruct, props: ExtensionApiServerOptions, namespace: string): void {
  props.serviceAccountSecrets?.forEach((secret, i) => checkSameNamespace(scope, `serviceAccountSecrets[${i}]`, secret, namespace));
  checkServiceAccountIsOurs(scope, props);
  checkScrapersComeIn(scope, props);
  if (!props.highAvailability || props.replicas !== 1) return;
  refuse(scope, {
    property: 'replicas',
    given: '1 beside highAvailability',
    allowed: '2 or more: with one replica the loss of its node is the loss of the API',
    mend: 'leave replicas out for 2, or remove highAvailability',
  });
}

/** A ServiceAccount that exists already is as it is. */
function checkServiceAccountIsOurs(scope: IConstruct, props: ExtensionApiServerOptions): void {
  const ignored = (['serviceAccountName', 'serviceAccountAnnotations', 'serviceAccountSecrets'] as const).find((name) => props[name] !== undefined);
  if (!props.serviceAccount || !ignored) return;
  refuse(scope, {
    property: ignored,
    given: props[ignored],
    allowed: 'none beside serviceAccount, which exists already',
    mend: `remove ${ignored}, or serviceAccount so that a ServiceAccount is synthesized`,
  });
}

/** Prometheus would be told to scrape pods that do not let it in. */
function checkScrapersComeIn(scope: IConstruct, { monitoring, networkPolicy }: ExtensionApiServerOptions): void {
  if (!monitoring || !networkPolicy?.apiServerCidrs || networkPolicy.scraperNamespaces) return;
  refuse(scope, {
    property: 'networkPolicy.scraperNamespaces',
    given: 'none beside monitoring and apiServerCidrs',
    allowed: 'the namespaces that Prometheus scrapes from, since nobody else may connect',
    mend: 'set it as in [\'monitoring\'], or to [] where Prometheus connects from apiServerCidrs',
  });
}
