import { AuthenticationSettings, RequestHeaderSettings } from './authentication-settings';
import { certificatesIn } from '../../cluster/certificates-in';

/** Where kube-apiserver publishes how extension API servers shall authenticate. */
export const AUTHENTICATION_CONFIG_MAP = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };

const CONFIG_MAP = `ConfigMap ${AUTHENTICATION_CONFIG_MAP.namespace}/${AUTHENTICATION_CONFIG_MAP.name}`;

/**
 * Reads the ConfigMap's `data`. Throws when a CA bundle cannot be read or a list is not a JSON array of strings;
 * absent keys are a state, not an error.
 */
export function settingsFromConfigMap(data: Readonly<Record<string, string>>): AuthenticationSettings {
  const requestHeaderCa = caBundle(data, 'requestheader-client-ca-file');
  return {
    clientCa: caBundle(data, 'client-ca-file'),
    requestHeader: requestHeaderCa === undefined ? undefined : requestHeaderSettings(data, requestHeaderCa),
  };
}

function requestHeaderSettings(data: Readonly<Record<string, string>>, clientCa: string): RequestHeaderSettings {
  return {
    clientCa,
    allowedNames: strings(data, 'requestheader-allowed-names'),
    usernameHeaders: strings(data, 'requestheader-username-headers'),
    groupHeaders: strings(data, 'requestheader-group-headers'),
    extraHeadersPrefixes: strings(data, 'requestheader-extra-headers-prefix'),
    uidHeaders: strings(data, 'requestheader-uid-headers'),
  };
}

function caBundle(data: Readonly<Record<string, string>>, key: string): string | undefined {
  const pem = data[key];
  if (!pem) return undefined;
  try {
    certificatesIn(pem);
  } catch (error) {
    throw new Error(`${CONFIG_MAP}: ${key} ${(error as Error).message}`);
  }
  return pem;
}

function strings(data: Readonly<Record<string, string>>, key: string): string[] {
  const text = data[key];
  if (!text) return [];
  const wrong = `${CONFIG_MAP}: ${key} must be a JSON array of strings, got ${JSON.stringify(text)}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(wrong);
  }
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw new Error(wrong);
  return value;
}
