import { PeerCertificate, SecureContext, checkServerIdentity, createSecureContext } from 'node:tls';
import { ClientCertificate } from '../cluster/cluster-config';
import { NO_CAS } from '../cluster/no-cas';
import { CIPHERS } from '../cluster/tls-ciphers';

export interface KubeletTlsOptions {
  /** Accept any serving certificate. */
  readonly insecureSkipVerify: boolean;
  /** PEM bundle that serving certificates are verified against, asked again for each request; undefined for the system's. */
  certificateAuthority(): string | undefined;
}

/** How kubelets are verified, and how the runtime shows itself to them. */
export class KubeletTls {
  private current: { readonly certificateAuthority?: string; readonly client?: ClientCertificate; readonly context: SecureContext } | undefined;

  constructor(private readonly options: KubeletTlsOptions) {}

  get rejectUnauthorized(): boolean {
    return !this.options.insecureSkipVerify;
  }

  /** The same context as long as CA bundle and client certificate stay the same: making one costs more than a scrape. */
  context(client: ClientCertificate | undefined): SecureContext {
    const certificateAuthority = this.options.insecureSkipVerify ? undefined : this.options.certificateAuthority();
    const current = this.current;
    if (current && current.certificateAuthority === certificateAuthority
      && current.client?.certificate === client?.certificate && current.client?.key === client?.key) return current.context;
    const ca = this.options.insecureSkipVerify ? NO_CAS : certificateAuthority;
    const context = createSecureContext({ ciphers: CIPHERS, ca, cert: client?.certificate, key: client?.key });
    this.current = { certificateAuthority, client, context };
    return context;
  }
}

/**
 * Whether the certificate is for one of the names by which the kubelet's node is known: what was dialled, the node's own name, its
 * other addresses. Verifies as Go does, against the subject alternative names only, never the common name.
 * The error says which names the certificate is for.
 */
export function verifyKubeletName(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  const withoutCommonName = { ...certificate, subject: { ...certificate.subject, CN: '' } };
  if (names.some((name) => checkServerIdentity(name, withoutCommonName) === undefined)) return undefined;
  const offered = certificate.subjectaltname || `no subject alternative name (only the common name ${JSON.stringify(certificate.subject?.CN ?? '')})`;
  return Object.assign(new Error(`the certificate is not for ${names.join(', ')}, it offers ${offered}`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
