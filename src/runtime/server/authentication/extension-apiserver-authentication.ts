import { AuthenticationSettings, RequestHeaderSettings } from './authentication-settings';

/** Where kube-apiserver publishes how extension API servers shall authenticate. */
export const AUTHENTICATION_CONFIG_MAP = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };

/** Reads the ConfigMap's `data`. Throws when a list is not a JSON array of strings; absent keys are a state, not an error. */
export function settingsFromConfigMap(data: Readonly<Record<string, string>>): AuthenticationSettings {
  return {
    clientCa: data['client-ca-file'] || undefined,
    requestHeader: data['requestheader-client-ca-file'] ? requestHeaderSettings(data, data['requestheader-client-ca-file']) : undefined,
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

function strings(data: Readonly<Record<string, string>>, key: string): string[] {
  const text = data[key];
  if (!text) return [];
  const { namespace, name } = AUTHENTICATION_CONFIG_MAP;
  const wrong = `ConfigMap ${namespace}/${name}: ${key} must be a JSON array of strings, got ${JSON.stringify(text)}`;
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
