import { IConstruct } from 'constructs';
import { checkSpreadKeys } from './_affinity-checks';
import { checkGroupVersions } from './_aggregated-api-service-checks';
import { AVAILABILITY_CHECKS } from './_availability-checks';
import { allOf, fieldsOf, instanceOf, listOf, OptionalChecks } from './_checks';
import { checkClusterVersion, checkClusterVersionTogether } from './_cluster-version';
import { PodDefaults } from './_facts/pod';
import { checkAlertRules, checkDashboard, checkFilledText } from './_monitoring-checks';
import { checkObjectsTogether, OBJECT_CHECKS } from './_object-checks';
import { checkServerResources } from './_pod-checks';
import { checkPodTogether, POD_CHECKS } from './_pod-options-checks';
import { checkPolicyRule } from './_policy-rule-checks';
import { checkSameNamespace, referenceTo } from './_reference-checks';
import { checkImageReference, checkLabelName, checkLabels, checkObjectName, checkServiceName, checkText, refuse } from './_validation';
import { ExtensionApiServerProps } from './extension-api-server';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { MetricsServerProps } from './metrics-server';
import { Monitoring } from './monitoring';
import { ServiceAccountRef } from './references';
import { ServingCertificate } from './serving-certificate';

type Labels = Readonly<Record<string, string>>;

export const OPTION_CHECKS: OptionalChecks<ExtensionApiServerOptions> = {
  ...POD_CHECKS,
  namespace: checkLabelName,
  labels: checkLabels,
  serviceAccount: referenceTo(ServiceAccountRef, checkObjectName),
  clusterVersion: checkClusterVersion,
  ...AVAILABILITY_CHECKS,
  ...OBJECT_CHECKS,
  monitoring: allOf(instanceOf(Monitoring), (scope, property, monitoring) => (monitoring as Monitoring)._check(scope, property)),
  alertRules: checkAlertRules,
  dashboard: checkDashboard,
  prometheusJob: checkFilledText,
};

/** Those of a construct's properties that every extension API server has. */
export function optionsOf(props: ExtensionApiServerOptions): ExtensionApiServerOptions {
  return Object.fromEntries(Object.entries(props).filter(([name]) => name in OPTION_CHECKS));
}

/** PodSpec means one that exists, a chart of Helm one that it creates. */
export const INSTEAD_IN_OPTIONS = {
  serviceAccountName: 'write serviceAccount: ServiceAccountRef.fromName(…) for one that exists, or createdServiceAccountName for the one that is synthesized',
};

const OF_METRICS_SERVER = 'remove it: it is a property of MetricsServer only';

/** What only a metrics server has. */
const INSTEAD: Readonly<Record<Exclude<keyof MetricsServerProps, keyof ExtensionApiServerProps>, string>> = {
  platform: OF_METRICS_SERVER,
  sizing: 'write resources: sizing is a property of MetricsServer only, since nobody measured what this server costs',
  metricResolution: OF_METRICS_SERVER,
  metricRetention: OF_METRICS_SERVER,
  watchContainerStates: OF_METRICS_SERVER,
  nodeEvents: OF_METRICS_SERVER,
  kubeletAccess: OF_METRICS_SERVER,
  kubeletPort: OF_METRICS_SERVER,
  kubeletUseNodeStatusPort: OF_METRICS_SERVER,
  kubeletPreferredAddressTypes: OF_METRICS_SERVER,
  kubeletRequestTimeout: OF_METRICS_SERVER,
  scrapeNodeSelector: OF_METRICS_SERVER,
  extraArgs: 'write args: extraArgs is a property of MetricsServer only',
};

const checkProps = fieldsOf<ExtensionApiServerProps>({
  name: checkServiceName,
  image: checkImageReference,
  groupVersions: checkGroupVersions,
  servingCertificate: instanceOf(ServingCertificate),
}, {
  ...OPTION_CHECKS,
  selectorLabels: checkLabels,
  command: listOf(checkText),
  args: listOf(checkText),
  resources: checkServerResources,
  clusterRules: listOf(checkPolicyRule),
}, { ...INSTEAD_IN_OPTIONS, ...INSTEAD });

/** What each property of an extension API server shows by itself. */
export function checkExtensionApiServer(scope: IConstruct, props: ExtensionApiServerProps): void {
  checkProps(scope, '', props);
}

/** What the properties show together. */
export function checkOptionsTogether(
  scope: IConstruct, props: ExtensionApiServerOptions, namespace: string, selectorLabels: Labels, defaults: PodDefaults,
): void {
  checkLabelName(scope, 'namespace', namespace);
  checkSameNamespace(scope, 'serviceAccount', props.serviceAccount, namespace);
  if (Object.keys(selectorLabels).length === 0) {
    refuse(scope, { property: 'selectorLabels', given: {}, allowed: 'at least one label', mend: 'leave selectorLabels out, or name a label' });
  }
  checkLabelsAgree(scope, 'labels', props.labels, selectorLabels);
  checkLabelsAgree(scope, 'podLabels', props.podLabels, selectorLabels);
  if (props.monitoring) checkLabelsAgree(scope, 'serviceLabels', props.serviceLabels, selectorLabels);
  checkSpreadKeys(scope, props.topologySpreadConstraints, selectorLabels);
  checkPodTogether(scope, props, namespace, defaults);
  checkObjectsTogether(scope, props, namespace);
  checkClusterVersionTogether(scope, props);
}

/** Pods that the Deployment does not select are refused, and what Service or monitor do not select is never asked. */
function checkLabelsAgree(scope: IConstruct, property: string, labels: Labels = {}, selectorLabels: Labels): void {
  const conflict = Object.keys(labels).find((key) => key in selectorLabels && selectorLabels[key] !== labels[key]);
  if (conflict === undefined) return;
  refuse(scope, {
    property: `${property}['${conflict}']`,
    given: labels[conflict],
    allowed: `'${selectorLabels[conflict]}', as in selectorLabels`,
    mend: 'give selectorLabels the same value, or rename the label',
  });
}
