export type TransportFailureReason = 'dns' | 'refused' | 'unreachable' | 'timeout' | 'reset' | 'tls' | 'protocol';

/** The API server could not be asked, or its answer not be read. The message is one line for a person. */
export class TransportError extends Error {
  readonly name = 'TransportError';

  constructor(readonly reason: TransportFailureReason, message: string) {
    super(message);
  }
}

/** Nothing came within the time that was given. */
export function isTimeout(error: unknown): boolean {
  return error instanceof TransportError && error.reason === 'timeout';
}

/** What Node.js threw, in words. `host` is `host:port` of the API server. */
export function transportError(error: unknown, host: string): TransportError {
  if (error instanceof TransportError) return error;
  const { reason, problem } = transportFailure(error);
  return new TransportError(reason, `API server ${host}: ${problem}`);
}

/** Thrown by Node.js' sockets, TLS or HTTP parser; of a name with several addresses, for all of them. */
export function isSystemError(error: unknown): boolean {
  return error instanceof AggregateError || typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** What kept an answer from coming, whoever was asked. */
export interface TransportFailure {
  readonly reason: TransportFailureReason;
  /** `connection refused` */
  readonly problem: string;
}

export function transportFailure(error: unknown): TransportFailure {
  // Several addresses of one name were tried: each has an error of its own, the first is told.
  const cause = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  const [reason, problem] = KNOWN[code] ?? (isTls(code) ? ['tls', `TLS failed (${code})`] : ['protocol', message.split('\n', 1)[0]]);
  return { reason, problem };
}

const UNKNOWN_AUTHORITY: Known = ['tls', 'its certificate is not signed by the certificate authority of the configuration'];

type Known = readonly [TransportFailureReason, string];

const KNOWN: Readonly<Record<string, Known>> = {
  ENOTFOUND: ['dns', 'the host name is unknown'],
  EAI_AGAIN: ['dns', 'the host name cannot be resolved at the moment'],
  ECONNREFUSED: ['refused', 'connection refused'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['unreachable', 'the network is unreachable'],
  ETIMEDOUT: ['timeout', 'connecting took too long'],
  ECONNRESET: ['reset', 'the connection was closed before the answer was complete'],
  EPIPE: ['reset', 'the connection was closed before the answer was complete'],
  ERR_STREAM_PREMATURE_CLOSE: ['reset', 'the connection was closed before the answer was complete'],
  CERT_HAS_EXPIRED: ['tls', 'its certificate has expired'],
  CERT_NOT_YET_VALID: ['tls', 'its certificate is not valid yet: check the clocks'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'its certificate is for other names'],
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  EPROTO: ['tls', 'it does not answer with TLS, or refuses this client'],
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: ['tls', 'client certificate and key do not belong together'],
};

function isTls(code: string): boolean {
  return code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('ERR_OSSL') || code.startsWith('CERT_');
}
