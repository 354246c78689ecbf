import { InvalidValueError } from './usage-error';

/** One `--tls-sni-cert-key`. */
export interface NamedCertKey {
  readonly certFile: string;
  readonly keyFile: string;
  /** Host names, the first label perhaps `*`. Those of the certificate when empty. */
  readonly names: readonly string[];
}

/** The files and names of `cert,key` or `cert,key:name,*.name`. */
export function parseNamedCertKey(text: string): NamedCertKey[] {
  const colon = text.indexOf(':');
  if (colon >= 0 && text.slice(colon + 1).trim() === '') throw new InvalidValueError('empty names list is not allowed');
  const files = trimmed(colon < 0 ? text : text.slice(0, colon));
  if (files.length !== 2 || files.includes('')) throw new InvalidValueError('expected comma separated certificate and key file paths');
  return [{ certFile: files[0], keyFile: files[1], names: colon < 0 ? [] : trimmed(text.slice(colon + 1)).filter((name) => name !== '') }];
}

function trimmed(list: string): string[] {
  return list.split(',').map((item) => item.trim());
}
