import { ServerResponse } from 'node:http';
import { ServerHttp2Stream } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { AnswerRoom } from './answer-room';
import { cutOff } from './cut-off';
import { Reply } from './reply';

/** Smaller bodies are sent faster than compressed; level 1 is the most for its time. As k8s.io/apiserver. */
const GZIP_MIN_BYTES = 128 * 1024;
const GZIP = { level: 1 };
/** What zlib takes for a body in pieces. */
const GZIP_BYTES = 288 * 1024;

const compress = promisify(gzip);

export interface SendOptions {
  readonly acceptsGzip: boolean;
  /** The answer to HEAD. */
  readonly withoutBody: boolean;
  /** For what the client has not read yet. @default as much as it takes */
  readonly room?: AnswerRoom;
  /** Ends a body that is under way. */
  readonly signal: AbortSignal;
}

/**
 * Sends a reply. A body that turns out short is sent whole, a long one in pieces; rejects when the client goes away meanwhile, and before anything
 * is sent with a StatusError when there is no room for it.
 */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  const pieces = piecesOf(reply.body);
  try {
    await send(response, reply, pieces, options);
  } finally {
    pieces.return?.();
  }
}

async function send(
  response: ServerResponse, reply: Reply, pieces: Iterator<string | Uint8Array>, { acceptsGzip, withoutBody, room, signal }: SendOptions,
): Promise<void> {
  const start: Buffer[] = [];
  let bytes = 0;
  let isWhole = typeof reply.body === 'string';
  while (bytes < GZIP_MIN_BYTES) {
    const next = pieces.next();
    if (next.done) {
      isWhole = true;
      break;
    }
    const piece = asBuffer(next.value);
    bytes += piece.length;
    // The writer of the next one wants the place of this; what was a text has one of its own.
    start.push(typeof next.value === 'string' || bytes >= GZIP_MIN_BYTES ? piece : Buffer.from(piece));
  }
  const zip = acceptsGzip && bytes >= GZIP_MIN_BYTES;
  const headers = zip ? { ...reply.headers, 'content-encoding': 'gzip', 'vary': withEncoding(reply.headers.vary) } : reply.headers;

  const sink = withoutBody || bytes === 0 ? response : bodySink(response);
  if (isWhole || withoutBody) {
    const plain = start.length === 1 ? start[0] : Buffer.concat(start);
    if (!withoutBody) room?.begin(sink, [plain]);
    const whole = zip ? await compress(plain, GZIP) : plain;
    if (sink.destroyed) return;
    if (zip) room?.taken(sink, [whole]);
    sendHead(response, sink, reply.status, isWhole ? { ...headers, 'content-length': String(whole.length) } : headers);
    sink.end(withoutBody ? undefined : whole);
    return;
  }
  const left = Array.isArray(reply.body) ? reply.body as Uint8Array[] : [];
  room?.begin(sink, [...start, ...left], zip ? GZIP_BYTES : 0);
  sendHead(response, sink, reply.status, headers);
  // The next piece is asked for when this one is on its way: each is larger than what a stream takes without asking to wait.
  const body = (function* () {
    yield* start.splice(0);
    for (let next = pieces.next(); !next.done; next = pieces.next()) {
      const piece = asBuffer(next.value);
      room?.taken(sink, [piece, ...left]);
      yield piece;
    }
  })();
  signal.addEventListener('abort', () => cutOff(sink), { once: true });
  await (zip ? pipeline(body, createGzip(GZIP), sink) : pipeline(body, sink));
}

function piecesOf(body: Reply['body']): Iterator<string | Uint8Array> {
  if (typeof body === 'string') return [body][Symbol.iterator]();
  return Array.isArray(body) ? emptied(body) : body[Symbol.iterator]();
}

/** What is sent need not be held until all is. */
function* emptied(pieces: Uint8Array[]): Generator<Uint8Array> {
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield piece;
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
