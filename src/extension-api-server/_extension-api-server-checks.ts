import { IConstruct } from 'constructs';
import { checkObjectsTogether, OBJECT_CHECKS } from './_object-checks';
import { REQUIREMENTS } from './_requirements';
import { ExtensionApiServerProps } from './extension-api-server';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PodDefaults } from '../_facts/pod';
import { checkGroupVersions, checkServesSomething } from '../api-service/_aggregated-api-service-checks';
import { AVAILABILITY_CHECKS } from '../availability/_availability-checks';
import { checkClusterVersion, checkRequirements } from '../kubernetes/_cluster-version';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { Platform } from '../kubernetes/platform';
import { ServiceAccountRef } from '../kubernetes/references';
import { checkAlertRules, checkDashboard, checkFilledText } from '../monitoring/_monitoring-checks';
import { Monitoring } from '../monitoring/monitoring';
import { checkSpreadKeys } from '../pod/_affinity-checks';
import { checkServerResources } from '../pod/_pod-checks';
import { checkPodTogether, POD_CHECKS } from '../pod/_pod-options-checks';
import { checkPolicyRule } from '../rbac/_policy-rule-checks';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { allOf, fieldsOf, instanceOf, listOf, OptionalChecks } from '../validation/_checks';
import { checkImageReference, checkLabelName, checkLabels, checkObjectName, checkSeconds, checkServiceName, checkText, refuse } from '../validation/_validation';

type Labels = Readonly<Record<string, string>>;

export const OPTION_CHECKS: OptionalChecks<ExtensionApiServerOptions> = {
  ...POD_CHECKS,
  namespace: checkLabelName,
  labels: checkLabels,
  serviceAccount: referenceTo(ServiceAccountRef, checkObjectName),
  clusterVersion: checkClusterVersion,
  platform: instanceOf(Platform),
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
export const INSTEAD_OF_METRICS_SERVER = {
  sizing: 'write resources: sizing is a property of MetricsServer only, since nobody measured what this server costs',
  metricResolution: OF_METRICS_SERVER,
  metricRetention: OF_METRICS_SERVER,
  watchContainerStates: OF_METRICS_SERVER,
  nodeEvents: OF_METRICS_SERVER,
  upstreamCompatible: OF_METRICS_SERVER,
  kubeletAccess: OF_METRICS_SERVER,
  kubeletPort: OF_METRICS_SERVER,
  kubeletUseNodeStatusPort: OF_METRICS_SERVER,
  kubeletPreferredAddressTypes: OF_METRICS_SERVER,
  kubeletSource: OF_METRICS_SERVER,
  kubeletRequestTimeout: OF_METRICS_SERVER,
  scrapeNodeSelector: OF_METRICS_SERVER,
  extraArgs: 'write args: extraArgs is a property of MetricsServer and MetricsAdapter, whose flags are known',
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
  shutdownDelay: (scope, property, value) => checkSeconds(scope, property, value, 0),
  resources: checkServerResources,
  clusterRules: listOf(checkPolicyRule),
}, { ...INSTEAD_IN_OPTIONS, ...INSTEAD_OF_METRICS_SERVER });

/** What each property of an extension API server shows by itself. */
export function checkExtensionApiServer(scope: IConstruct, props: ExtensionApiServerProps): void {
  checkProps(scope, '', props);
  checkServesSomething(scope, props);
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
  checkRequirements(scope, props, REQUIREMENTS);
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
