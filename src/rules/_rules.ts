import { AGGREGATION_RULES } from './_aggregation-rules';
import { AUDIT_RULES } from './_audit-rules';
import { AVAILABILITY_RULES } from './_availability-rules';
import { FLAG_RULES } from './_flag-rules';
import { KUBELET_RULES } from './_kubelet-rules';
import { MONITORING_RULES } from './_monitoring-rules';
import { NANNY_RULES } from './_nanny-rules';
import { NETWORK_RULES } from './_network-rules';
import { PLATFORM_RULES } from './_platform-rules';
import { POD_RULES } from './_pod-rules';
import { RIGHTS_RULES } from './_rights-rules';
import { Rule } from './_rule';

/** Every rule, by subject. The plug-in, the constructs and docs/rules all read this one table. */
export const RULES: readonly Rule[] = [
  ...AGGREGATION_RULES, ...PLATFORM_RULES, ...KUBELET_RULES, ...FLAG_RULES, ...AVAILABILITY_RULES, ...POD_RULES, ...AUDIT_RULES, ...NETWORK_RULES,
  ...RIGHTS_RULES, ...MONITORING_RULES, ...NANNY_RULES,
];
