import { ServerResponse } from 'node:http';
import { ServerHttp2Stream } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { Reply } from './reply';

/** Smaller bodies are sent faster than compressed; level 1 is the most for its time. As k8s.io/apiserver. */
const GZIP_MIN_BYTES = 128 * 1024;
const GZIP = { level: 1 };

const compress = promisify(gzip);

export interface SendOptions {
  readonly acceptsGzip: boolean;
  /** The answer to HEAD. */
  readonly withoutBody: boolean;
  /** Ends a body that is under way. */
  readonly signal: AbortSignal;
}

/** Sends a reply. A body that turns out short is sent whole, a long one in pieces; rejects when the client goes away meanwhile. */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  const pieces = (typeof reply.body === 'string' ? [reply.body] : reply.body)[Symbol.iterator]();
  const start: Buffer[] = [];
  let bytes = 0;
  let next = pieces.next();
  for (; !next.done && (bytes < GZIP_MIN_BYTES || typeof reply.body === 'string'); next = pieces.next()) {
    // The writer of the next one may want the place of this.
    start.push(Buffer.from(next.value));
    bytes += start[start.length - 1].length;
  }
  const zip = options.acceptsGzip && bytes >= GZIP_MIN_BYTES;
  const headers = zip ? { ...reply.headers, 'content-encoding': 'gzip', 'vary': withEncoding(reply.headers.vary) } : reply.headers;

  const sink = options.withoutBody || bytes === 0 ? response : bodySink(response);
  if (next.done || options.withoutBody) {
    const whole = zip ? await compress(Buffer.concat(start), GZIP) : start.length === 1 ? start[0] : Buffer.concat(start);
    if (sink.destroyed) return;
    sendHead(response, sink, reply.status, next.done ? { ...headers, 'content-length': String(whole.length) } : headers);
    sink.end(options.withoutBody ? undefined : whole);
    return;
  }
  sendHead(response, sink, reply.status, headers);
  // The next piece is asked for when this one is on its way: each is larger than what a stream takes without asking to wait.
  const rest = (function* () {
    try {
      yield* start.splice(0);
      for (; !next.done; next = pieces.next()) yield asBuffer(next.value);
    } finally {
      pieces.return?.();
    }
  })();
  await (zip ? pipeline(rest, createGzip(GZIP), sink, { signal: options.signal }) : pipeline(rest, sink, { signal: options.signal }));
}

/**
 * Of HTTP/2 the stream itself: the compatibility API would wait for trailers, and so end each answer with a frame of its own, a
 * write and a wake-up later. An answer without a body needs it: Node ends some streams by itself, that of a HEAD before there is
 * an answer.
 */
function bodySink(response: ServerResponse): ServerResponse | ServerHttp2Stream {
  return (response as { readonly stream?: ServerHttp2Stream }).stream ?? response;
}

/** With what is set on the response already. */
function sendHead(
  response: ServerResponse, sink: ServerResponse | ServerHttp2Stream, status: number, headers: Readonly<Record<string, string>>,
): void {
  if ('respond' in sink) sink.respond({ ':status': status, ...response.getHeaders(), ...headers });
  else sink.writeHead(status, headers);
}

function asBuffer(piece: string | Uint8Array): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}

function withEncoding(vary: string | undefined): string {
  return vary ? `${vary}, Accept-Encoding` : 'Accept-Encoding';
}
