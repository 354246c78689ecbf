import { flagsOf, lastFlag } from './command-line';
import { isRead } from './switches';
import { Values } from './values';

/** Where the certificate files are that the values' own arguments name; undefined where they name none. */
export function certificateFiles(values: Values): { readonly certificate: string; readonly privateKey: string } | undefined {
  const flags = flagsOf(values);
  const certificate = lastFlag(flags, 'tls-cert-file')?.value;
  const privateKey = lastFlag(flags, 'tls-private-key-file')?.value;
  return certificate && privateKey ? { certificate, privateKey } : undefined;
}

/**
 * Whether kube-apiserver is to verify a certificate that only this package's companion image can keep: the chart makes one once, with
 * `tls.type: helm`, or asks for verification while the server signs a new certificate at each start.
 */
export function servesVerified(values: Values): boolean {
  const type = values.text('tls.type');
  if (type === 'helm') return true;
  return type === 'metrics-server' && !certificateFiles(values) && isRead('apiService.insecureSkipTLSVerify', values)
    && !values.boolean('apiService.insecureSkipTLSVerify');
}
