import { KubeletAccess } from './kubelet-access';
import { KubeletSource } from './kubelet-source';
import { MetricsServerProps } from './metrics-server';
import { NodeAddressType } from './node-address-type';
import { Sizing } from './sizing';
import { NODE_ADDRESS_TYPES } from '../_facts/flags';
import { INSTEAD_IN_OPTIONS, OPTION_CHECKS } from '../extension-api-server/_extension-api-server-checks';
import { checkServerResources } from '../pod/_pod-checks';
import { Image } from '../pod/image';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { fieldsOf, instanceOf, listOf, memberOf } from '../validation/_checks';
import {
  Check, checkBoolean, checkDuration, checkLabelKey, checkLabels, checkLabelValue, checkPort, checkSeconds, checkServiceName, checkText, refuse,
} from '../validation/_validation';

const checkAddressTypes: Check = (scope, property, value) => {
  const types: unknown[] = Array.isArray(value) ? [...value] : [];
  const names = types.map((type) => type instanceof NodeAddressType ? type.name : type);
  const known: readonly unknown[] = NODE_ADDRESS_TYPES;
  const fit = types.every((type, i) => type instanceof NodeAddressType && known.includes(type.name) && names.indexOf(type.name) === i);
  if (types.length > 0 && fit) return;
  refuse(scope, {
    property,
    given: Array.isArray(value) ? names : value,
    allowed: `a list of one or more of ${NODE_ADDRESS_TYPES.join(', ')}, each once`,
    mend: 'use members of NodeAddressType, such as [NodeAddressType.INTERNAL_IP], or leave the property out',
  });
};

const WORD = String.raw`[^\s,=!()<>]+`;
/** `!key`, or a key with what is demanded of it, if anything. */
const REQUIREMENT = new RegExp(String.raw`^\s*(?:!\s*(${WORD})|(${WORD})(?:\s*(?:==?|!=)\s*(${WORD})?|\s+(?:in|notin)\s*\(([^()]*)\))?)\s*$`);
const COMMA_OUTSIDE_PARENTHESES = /,(?![^(]*\))/;

/** As apimachinery's `labels.Parse` reads it: metrics-server does not start with any other. */
const checkLabelSelector: Check = (scope, property, selector) => {
  const requirements = typeof selector === 'string' ? selector.split(COMMA_OUTSIDE_PARENTHESES).map((text) => REQUIREMENT.exec(text)) : [null];
  for (const requirement of requirements) {
    if (!requirement) return refuseLabelSelector(scope, property, selector);
    const [, absent, key = absent, value = '', values = value] = requirement;
    checkLabelKey(scope, property, key);
    for (const one of values.split(',')) checkLabelValue(scope, property, one.trim());
  }
};

function refuseLabelSelector(...[scope, property, given]: Parameters<Check>): never {
  return refuse(scope, {
    property,
    given,
    allowed: 'a label selector: key, !key, key=value, key!=value, key in (a,b), key notin (a,b), separated by commas',
    mend: 'write it as in kubectl get nodes -l, or leave scrapeNodeSelector out for all nodes',
  });
}

/** What each property of a MetricsServer shows by itself. */
export const checkMetricsServer = fieldsOf<MetricsServerProps>({}, {
  ...OPTION_CHECKS,
  name: checkServiceName,
  image: instanceOf(Image),
  servingCertificate: instanceOf(ServingCertificate),
  selectorLabels: checkLabels,
  sizing: instanceOf(Sizing),
  resources: checkServerResources,
  metricResolution: checkDuration,
  metricRetention: checkDuration,
  watchContainerStates: checkBoolean,
  nodeEvents: checkBoolean,
  upstreamCompatible: checkBoolean,
  kubeletAccess: instanceOf(KubeletAccess),
  kubeletPort: checkPort,
  kubeletUseNodeStatusPort: checkBoolean,
  kubeletPreferredAddressTypes: checkAddressTypes,
  kubeletSource: memberOf('KubeletSource', KubeletSource),
  kubeletRequestTimeout: checkDuration,
  scrapeNodeSelector: checkLabelSelector,
  shutdownDelay: (scope, property, value) => checkSeconds(scope, property, value, 0),
  extraArgs: listOf(checkText),
}, {
  ...INSTEAD_IN_OPTIONS,
  args: 'write extraArgs',
  clusterRules: 'remove it: the rights of a metrics server follow from its image and kubeletAccess',
  groupVersions: 'remove it: what a metrics server serves follows from its image',
});
