import { ValidationPlugin } from './_rules/validation-plugin';

export * from './aggregated-api-service';
export * from './auth-delegator-bindings';
export * from './disruption-budget';
export * from './extension-api-server';
export * from './extension-api-server-options';
export * from './git-ops';
export * from './image';
export * from './issuer-ref';
export * from './kubelet-access';
export * from './metrics-server';
export * from './nanny-configuration';
export * from './nanny-options';
export * from './nanny-sidecar';
export * from './network-policy-options';
export * from './node-address-type';
export * from './object-options';
export * from './percent-or-absolute';
export * from './policy-rule';
export * from './references';
export * from './resources';
export * from './rule-finding';
export * from './rules';
export * from './service-type';
export * from './serving-certificate';
export * from './serving-certificate-options';
export * from './toleration';
export * from './update-strategy';

// A plug-in of cdk8s-cli, which asks for it by name. A constant is none of jsii's business: other languages have `Rules`.
export const MetricsServerValidation = ValidationPlugin;
