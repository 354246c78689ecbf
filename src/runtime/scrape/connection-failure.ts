import { HttpResponseError } from './http-response-error';
import { ScrapeFailure, ScrapeFailureReason } from './outcome';
import { printable } from './printable';

interface Explanation {
  readonly reason: ScrapeFailureReason;
  /** How to mend it. */
  readonly mend?: string;
}

const DNS: Explanation = {
  reason: 'dns',
  mend: 'the name is not known here; prefer another address type, for example InternalIP (--kubelet-preferred-address-types)',
};
const UNREACHABLE: Explanation = { reason: 'unreachable', mend: 'check routes, network policies and firewalls between this pod and the node' };
const UNKNOWN_AUTHORITY: Explanation = {
  reason: 'x509-unknown-authority',
  mend: 'give the CA that signed the kubelet\'s serving certificate (--kubelet-certificate-authority), or let kubelets get theirs from the cluster (serverTLSBootstrap)',
};
const WEAK: Explanation = {
  reason: 'x509-weak',
  mend: 'reissue it, signed over SHA-256 and with an RSA key of 2048 bits or an ECDSA key (serverTLSBootstrap)',
};
const EXPIRED: Explanation = { reason: 'x509-expired', mend: 'renew the kubelet\'s serving certificate, or check the clocks' };

/** By the codes of Node.js and OpenSSL. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: DNS,
  EAI_AGAIN: DNS,
  EAI_NODATA: DNS,
  EAI_NONAME: DNS,
  ECONNREFUSED: { reason: 'refused', mend: 'nothing listens there; check the kubelet and its port (--kubelet-port, --kubelet-use-node-status-port)' },
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  ETIMEDOUT: { reason: 'timeout' },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: 'x509-name-mismatch',
    mend: 'reissue it with the node\'s name or one of its addresses (serverTLSBootstrap)',
  },
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
};

/** Why no answer came, from the error of socket, TLS or answer. */
export function connectionFailure(error: unknown): ScrapeFailure {
  if (error instanceof HttpResponseError) return { reason: error.reason, message: error.message };
  const { code = '', message } = innermost(error);
  const { reason, mend } = EXPLANATIONS[code] ?? (isWeak(code, message) ? WEAK : { reason: isTls(code) ? 'tls' : 'protocol' });
  const seen = printable(message, 300);
  return { reason, message: mend === undefined ? seen : `${seen}: ${mend}` };
}

export function timeoutFailure(timeoutMs: number, progress: string): ScrapeFailure {
  return { reason: 'timeout', message: `no complete answer within ${timeoutMs} ms: ${progress} (--kubelet-request-timeout)` };
}

/** Trying several addresses of a name fails with one error that holds the others. */
function innermost(error: unknown): { readonly code?: string; readonly message: string } {
  const { code, message, errors } = Object(error) as Partial<NodeJS.ErrnoException & AggregateError>;
  if (errors !== undefined && errors.length > 0) return innermost(errors[0]);
  return { code, message: message ?? String(error) };
}

/** Of keys and signatures. Node.js has no code for them; the words are OpenSSL's. */
function isWeak(code: string, message: string): boolean {
  return code === 'UNSPECIFIED' && message.includes('too weak');
}

function isTls(code: string): boolean {
  return /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO$|CERT_|CRL_|INVALID_|HOSTNAME_MISMATCH$|PATH_LENGTH_EXCEEDED$|UNABLE_TO_|UNSPECIFIED$|ERROR_IN_)/.test(code);
}
