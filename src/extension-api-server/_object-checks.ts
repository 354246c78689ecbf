import { IConstruct } from 'constructs';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { ObjectOptions } from './object-options';
import { AGGREGATED_API_SERVICE_OPTION_CHECKS } from '../api-service/_aggregated-api-service-checks';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { SecretRef } from '../kubernetes/references';
import { checkCidr } from '../network/_cidr-checks';
import { NetworkPolicyEgress, NetworkPolicyOptions } from '../network/network-policy-options';
import { allOf, fieldsOf, listOf, OptionalChecks, wholeNumber } from '../validation/_checks';
import { checkAnnotations, checkBoolean, checkLabelName, checkObjectName, checkPort, MAX_INT32, refuse } from '../validation/_validation';

const checkNetworkPolicy = fieldsOf<NetworkPolicyOptions>({}, {
  apiServerCidrs: listOf(checkCidr, 1),
  apiServerPorts: listOf(checkPort, 1),
  nodeCidrs: listOf(checkCidr, 1),
  kubeletPorts: listOf(checkPort, 1),
  dns: checkBoolean,
  scraperNamespaces: listOf(checkLabelName),
  egress: listOf(fieldsOf<NetworkPolicyEgress>({ cidrs: listOf(checkCidr, 1), ports: listOf(checkPort, 1) }, {})),
});

const checkCreatedServiceAccount = allOf(checkObjectName, (scope, property, name) => {
  if (name !== 'default') return;
  refuse(scope, {
    property,
    given: name,
    allowed: 'any other name: the ServiceAccount default exists in each namespace, and whoever has no other would get the server\'s rights',
    mend: 'leave it out, or set serviceAccount to ServiceAccountRef.fromName(\'default\') if that is meant all the same',
  });
});

export const OBJECT_CHECKS: OptionalChecks<ObjectOptions> = {
  ...AGGREGATED_API_SERVICE_OPTION_CHECKS,
  servicePort: checkPort,
  deploymentAnnotations: checkAnnotations,
  revisionHistoryLimit: wholeNumber(0, MAX_INT32),
  createdServiceAccountName: checkCreatedServiceAccount,
  serviceAccountAnnotations: checkAnnotations,
  serviceAccountSecrets: listOf(referenceTo(SecretRef, checkObjectName)),
  rbac: checkBoolean,
  authBindings: checkBoolean,
  networkPolicy: checkNetworkPolicy,
};

/** What the properties show together. */
export function checkObjectsTogether(scope: IConstruct, props: ExtensionApiServerOptions, namespace: string): void {
  props.serviceAccountSecrets?.forEach((secret, i) => checkSameNamespace(scope, `serviceAccountSecrets[${i}]`, secret, namespace));
  checkServiceAccountIsOurs(scope, props);
  checkScrapersComeIn(scope, props);
}

/** A ServiceAccount that exists already is as it is. */
function checkServiceAccountIsOurs(scope: IConstruct, props: ExtensionApiServerOptions): void {
  const ignored = (['createdServiceAccountName', 'serviceAccountAnnotations', 'serviceAccountSecrets'] as const).find((name) => props[name] !== undefined);
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
