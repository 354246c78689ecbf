import { IConstruct } from 'constructs';
import { EnvValue } from './env-value';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, SecretRef } from '../kubernetes/references';
import { fieldsOf, instanceOf } from '../validation/_checks';
import { Check, checkDataKey, checkObjectName, checkText, isRecord, refuse } from '../validation/_validation';

/** Static methods of `EnvValue`. */
export type EnvValueKind = keyof typeof CHECKS;

/** As kube-apiserver has it without the gate RelaxedEnvironmentVariableValidation. */
const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
/** By the downward API of core/v1. */
const FIELD = /^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

const checkFieldPath: Check = (scope, property, path) => {
  if (typeof path === 'string' && FIELD.test(path)) return;
  refuse(scope, {
    property,
    given: path,
    allowed: 'metadata.name, metadata.namespace, metadata.uid, metadata.labels[\'KEY\'], metadata.annotations[\'KEY\'], spec.nodeName, '
      + 'spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP or status.podIPs',
    mend: `write ${property} as in 'spec.nodeName'`,
  });
};

const CHECKS = {
  text: fieldsOf({ text: checkText }, {}),
  configMap: fieldsOf({ configMap: referenceTo(ConfigMapRef, checkObjectName), key: checkDataKey }, {}),
  secret: fieldsOf({ secret: referenceTo(SecretRef, checkObjectName), key: checkDataKey }, {}),
  field: fieldsOf({ fieldPath: checkFieldPath }, {}),
};

/** What a value was made from. */
export function checkEnvValue(
  scope: IConstruct, property: string, kind: EnvValueKind, given: Readonly<Record<string, unknown>>, namespace: string,
): void {
  CHECKS[kind](scope, property, given);
  if (kind === 'configMap' || kind === 'secret') checkSameNamespace(scope, `${property}.${kind}`, given[kind], namespace);
}

/** Names of variables, each with a value. */
export const checkEnv: Check = (scope, property, env) => {
  if (!isRecord(env)) {
    refuse(scope, { property, given: env, allowed: 'names of variables, each with a value', mend: `write ${property} as in { LANG: EnvValue.fromText('C') }` });
  }
  for (const [name, value] of Object.entries(env)) {
    if (!NAME.test(name)) {
      refuse(scope, {
        property: `${property}['${name}']`,
        given: name,
        allowed: 'a name of letters, digits, -, _ and ., which does not begin with a digit',
        mend: 'rename the variable, as in HTTPS_PROXY',
      });
    }
    instanceOf(EnvValue)(scope, `${property}['${name}']`, value);
  }
};
