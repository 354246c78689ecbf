import { AGGREGATION_RULES } from './aggregation-rules';
import { AVAILABILITY_RULES } from './availability-rules';
import { FLAG_RULES } from './flag-rules';
import { KUBELET_RULES } from './kubelet-rules';
import { MONITORING_RULES } from './monitoring-rules';
import { NANNY_RULES } from './nanny-rules';
import { NETWORK_RULES } from './network-rules';
import { PLATFORM_RULES } from './platform-rules';
import { POD_RULES } from './pod-rules';
import { RIGHTS_RULES } from './rights-rules';
import { Rule } from './rule';

/** Every rule, by subject. The plug-in, the constructs and docs/rules all read this one table. */
export const RULES: readonly Rule[] = [
  ...AGGREGATION_RULES, ...PLATFORM_RULES, ...KUBELET_RULES, ...FLAG_RULES, ...AVAILABILITY_RULES, ...POD_RULES, ...NETWORK_RULES,
  ...RIGHTS_RULES, ...MONITORING_RULES, ...NANNY_RULES,
];
