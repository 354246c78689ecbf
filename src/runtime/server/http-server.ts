import { createSecureServer, Http2SecureServer } from 'node:http2';
import { IDLE_TIMEOUT_MS } from './connection';
import { ContextOfName } from './named-certificates';
import { NO_CAS } from '../cluster/no-cas';

export interface ServerHttp2 {
  /** Serve HTTP/1.1 only. @default false */
  readonly disabled?: boolean;
  /** Requests of kube-apiserver at the same time. @default 100 */
  readonly maxStreamsPerConnection?: number;
}

export interface HttpServerOptions {
  readonly contextOfName: ContextOfName;
  readonly requestTimeoutMs: number;
  readonly http2?: ServerHttp2;
}

/** As k8s.io/apiserver. */
const HEADER_TIMEOUT_MS = 32_000;

/**
 * Of a request's target and headers together, which anybody may send; k8s.io/apiserver takes 1 MiB. nghttp2 ends a connection of HTTP/2, with all that
 * is under way on it, for one header of 64 KiB; clients that respect the limit, as Go's does, fail the one request, and of those that do not only the
 * stream is reset. Over HTTP/1.1 Node.js answers 431.
 */
const MAX_HEADER_BYTES = 60 * 1024;

/**
 * In MB, the most that Node.js takes. It counts for ever what a stream that is reset had not sent, and refuses every further request of a connection from
 * its limit on: kube-apiserver's, with those of all users. AnswerRoom says how much may be unsent.
 */
const MAX_SESSION_MEMORY = 2 ** 32 - 1;

/**
 * Of HTTP/2, as Go's: a header that begins or ends with a space is taken as it is. By default it is left out without a word, so that who acts for another
 * would act for himself. Node.js 20 does not know the option, nor do the types.
 */
const TAKES_SPACES = { strictFieldWhitespaceValidation: false };

/** A user of kube-apiserver brings a header for each group. */
export const MAX_HEADERS = 2000;

/** HTTP/2 and HTTP/1.1 over TLS. Which client certificates count is for others to say: here any may be shown, or none. */
export function createHttpServer({ contextOfName, requestTimeoutMs, http2 = {} }: HttpServerOptions): Http2SecureServer {
  const server = createSecureServer({
    ca: NO_CAS,
    ...http2.disabled && { ALPNCallback: ({ protocols }: { protocols: string[] }) => protocols.find((protocol) => protocol === 'http/1.1') },
    allowHTTP1: true,
    SNICallback: (name, choose) => choose(null, contextOfName(name)),
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: HEADER_TIMEOUT_MS,
    maxHeaderListPairs: MAX_HEADERS,
    maxSessionMemory: MAX_SESSION_MEMORY,
    ...TAKES_SPACES,
    settings: { maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
  });
  // Of HTTP/1.1; the types know them on its own server only.
  return Object.assign(server, {
    // One more, since what is above is left out without a word.
    maxHeadersCount: MAX_HEADERS + 1,
    headersTimeout: HEADER_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: HEADER_TIMEOUT_MS / 4,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
}
