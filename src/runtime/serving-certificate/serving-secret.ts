import { isUsableCa, isUsableServingPair } from './judge';
import { KeyPair, ServingNames } from './key-pair';

/** The Secret in which replicas share their CA and serving certificate. Empty when the chart has just been applied. */
export interface ServingSecret {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** A CA and the serving certificate it signed. */
export interface ServingPairs {
  readonly ca: KeyPair;
  readonly serving: KeyPair;
}

/** What of the Secret can be used as it is. A serving certificate is worth nothing without its CA. */
export function pairsOf(secret: ServingSecret, names: ServingNames, nowMs: number): Partial<ServingPairs> {
  const ca = pairOf(secret, 'ca');
  if (ca === undefined || !isUsableCa(ca, nowMs)) {
    return {};
  }
  const serving = pairOf(secret, 'tls');
  return serving !== undefined && isUsableServingPair(serving, names, nowMs, ca) ? { ca, serving } : { ca };
}

/** `data` of the Secret that holds the pairs. Key names are those of kubernetes.io/tls Secrets. */
export function dataOf({ ca, serving }: ServingPairs): Record<string, string> {
  return {
    'ca.crt': base64(ca.certificate),
    'ca.key': base64(ca.key),
    'tls.crt': base64(serving.certificate),
    'tls.key': base64(serving.key),
  };
}

function pairOf(secret: ServingSecret, name: string): KeyPair | undefined {
  const certificate = secret.data?.[`${name}.crt`];
  const key = secret.data?.[`${name}.key`];
  return certificate && key
    ? { certificate: Buffer.from(certificate, 'base64').toString(), key: Buffer.from(key, 'base64').toString() }
    : undefined;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
