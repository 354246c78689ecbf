import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { ReceivedAnswer, RESET } from './compared-answer';
import { VERSIONS, withBothVersions } from './named-differences';
import { RandomRequest } from './random-request';
import { protobufFields } from '../runtime/server/encoding/protobuf-fields';

/** A way in which two answers to one request may differ, and why. */
export interface Difference {
  readonly reason: string;
  readonly explains: (request: RandomRequest, ours: ReceivedAnswer, peer: ReceivedAnswer) => boolean;
}

function answered(ours: number, peer = ours): Difference['explains'] {
  return (_request, ...answers) => answers[0].status === ours && answers[1].status === peer;
}

const PORT = /:444\d/;

/** Without query, and empty if it cannot be decoded. */
const path = ({ path: withQuery }: RandomRequest) => decoded(withQuery.split('?')[0]);

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: `${VERSIONS}; the port is the one that is listened at`,
    explains: (request, ours, peer) => ours.status === peer.status && /^\/apis(?:\/metrics\.k8s\.io)?\/?$/.test(path(request))
      && sameForm(ours, peer) && (ours.body.length === 0 || (isProtobuf(ours)
      ? isDeepStrictEqual(textsOf(ours, upToVersions), textsOf(peer, upToVersions))
      : isDeepStrictEqual(parse(ours.body.toString().replace(PORT, '')), withBothVersions(parse(peer.body.toString().replace(PORT, '')))))),
  },
  {
    reason: 'in protobuf the name of a version has another length',
    explains: (request, ours, peer) => request.version === 'v1' && isProtobuf(ours) && isProtobuf(peer) && ours.status === peer.status
      && /^(?:\/openapi\/v3)?\/apis\/metrics\.k8s\.io\/\{version\}\/?$/.test(path(request)) && isDeepStrictEqual(textsOf(ours, upToVersions), textsOf(peer, upToVersions)),
  },
  {
    reason: `a path that leads nowhere is answered with those that lead somewhere: ${VERSIONS}; pages that only one of the two has`,
    explains: (_request, ours, peer) => ours.status === peer.status
      && [ours, peer].every(({ body }) => body.includes('"/apis/metrics.k8s.io/v1beta1"') && body.includes('"paths"')),
  },
  { reason: '/version says what runs', explains: (request, ...answers) => answered(200)(request, ...answers) && /^\/version\/?$/.test(path(request)) },
  {
    reason: 'errors do not name types of Go',
    explains: (_request, ours, peer) => ours.status === 406 && peer.status === 406 && sameForm(ours, peer)
      && isDeepStrictEqual(textsOf(ours), textsOf(peer, (text) => text.replace(/ \(\*metrics\.\w+\)/, ''))),
  },
  {
    reason: 'who acts for nobody in particular is told what to send, where upstream prints a type of Go, with a header against sniffing',
    explains: (request, ours, peer) => answered(400)(request, ours, peer) && sameForm(ours, peer)
      && (isHeadOfActingFor(request) || (says(ours, 'send Impersonate-User') && says(peer, '&user.DefaultInfo{'))),
  },
  {
    reason: 'a URL that cannot be decoded is refused in other words, over HTTP/2 too, where upstream resets the stream',
    explains: (request, ours, peer) => ours.status === 400 && [400, RESET].includes(peer.status) && path(request) === '',
  },
  {
    reason: 'a watch is refused before its field selector is read for known fields',
    explains: (_request, ours, peer) => ours.status === 405 && peer.status === 400 && peer.body.includes('is not a known field selector'),
  },
  {
    reason: 'a token behind two spaces is warned of even when the timeout is refused first',
    explains: (_request, ours, peer) => ours.headers.warning !== undefined && ours.status === 400 && ours.body.equals(peer.body),
  },
  {
    reason: 'a stream of discovery is answered with the document that there is',
    explains: (request, ...answers) => answered(200)(request, ...answers) && /^\/apis\/?$/.test(path(request))
      && request.headers.some(([name, value]) => name === 'Accept' && value.includes('stream=watch')),
  },
  {
    reason: 'a path that ends at the word watch leads nowhere; upstream fails inside',
    explains: (request, _ours, peer) => peer.status === 500 && /\/watch\/?$/.test(path(request)),
  },
  {
    reason: 'an OpenAPI document that is not there is not found, one of no media type is not acceptable, and /openapi/v3/ is /openapi/v3; upstream says nothing, with 200 or 406',
    explains: (request, ours, peer) => peer.body.length === 0 && path(request).startsWith('/openapi/v3/')
      && (ours.status === 404 || (ours.status === 406 && peer.status === 200) || (ours.status === 200 && path(request) === '/openapi/v3/')),
  },
  {
    reason: 'OpenAPI documents are of the same paths in other words, have other hashes, and are not compressed below 128 KiB',
    explains: (request, ours, peer) => isOpenApi(request)
      && ours.status === peer.status && [200, 301, 406].includes(ours.status) && sameForm(ours, peer)
      && withoutHash(ours.headers.location) === withoutHash(peer.headers.location)
      && (ours.body.length === 0 ? peer.body.length === 0 : isDeepStrictEqual(openApiPaths(ours), openApiPaths(peer))),
  },
  {
    reason: '/metrics has families of its own, as text',
    explains: (request, ours, peer) => answered(200)(request, ours, peer) && path(request) === '/metrics'
      && [ours, peer].every(({ headers }) => String(headers['content-type']).startsWith('text/plain; version=0.0.4; charset=utf-8')),
  },
  {
    reason: 'pages below /debug/pprof are about Node.js, for go tool pprof and not for browsers',
    explains: (request, ours, peer) => ours.status === peer.status && ours.headers.location === peer.headers.location && path(request).startsWith('/debug/pprof'),
  },
  {
    reason: 'a time that is up before anything is done is up, said in the form that the client accepts; upstream says it as text, or is quicker',
    explains: (request, ours, peer) => ours.status === 504 && new URLSearchParams(request.path.split('?')[1]).get('timeout') === '1ns'
      && (peer.status !== 504 || request.method === 'HEAD' || says(ours, JSON.parse(peer.body.toString()).message)),
  },
  {
    reason: 'in YAML a name that is but a sign is quoted in another way',
    explains: (_request, ours, peer) => ours.headers['content-type'] === 'application/yaml' && ours.status === peer.status
      && [ours, peer].every(({ body }) => /: ["']?[.*]["']?$/m.test(body.toString()))
      && new Set([ours, peer].map(({ body }) => body.toString().replace(/: ["']?([.*])["']?$/gm, ': $1'))).size === 1,
  },
];

/** An answer without a body does not show its words. */
function isHeadOfActingFor({ method, identity }: RandomRequest): boolean {
  return method === 'HEAD' && identity.headers.some(([name]) => name.startsWith('Impersonate'));
}

function isProtobuf({ headers }: ReceivedAnswer): boolean {
  return String(headers['content-type']).startsWith('application/vnd.kubernetes.protobuf');
}

function sameForm(ours: ReceivedAnswer, peer: ReceivedAnswer): boolean {
  return ours.headers['content-type'] === peer.headers['content-type'];
}

/** Versions are named as upstream names its only one, also at the end of a quoted path. */
function upToVersions(text: string): string {
  return text.replace(/(?<=^|\/)v1(?=\/?"?$)/, 'v1beta1').replace(PORT, '');
}

/** What a body says, one text each, whatever the form; of protobuf without lengths and numbers. */
function textsOf(answer: ReceivedAnswer, normalized = (text: string) => text): ReadonlySet<string> {
  const value = isProtobuf(answer) ? leavesOf(answer.body.subarray(4)) : [messageOf(answer)];
  return new Set(value.map(normalized));
}

function messageOf({ headers, body }: ReceivedAnswer): string {
  const text = body.toString();
  return String(headers['content-type']).startsWith('text/') ? text : parse(text)?.message ?? '';
}

function says(answer: ReceivedAnswer, words: string): boolean {
  return [...textsOf(answer)].some((text) => text.includes(words));
}

function leavesOf(bytes: Buffer): string[] {
  try {
    return protobufFields(bytes).flatMap(([, value]) => Buffer.isBuffer(value) ? leavesOf(value) : []);
  } catch {
    return [bytes.toString()];
  }
}

function isOpenApi(request: RandomRequest): boolean {
  return /^\/openapi\/v[23](?:\/|$)/.test(path(request));
}

function withoutHash(location: unknown): string {
  return String(location).replace(/[0-9A-F]{128}$/, '');
}

/** Those of our versions are named as upstream's. */
function openApiPaths({ body }: ReceivedAnswer): ReadonlySet<string> {
  return new Set(Object.keys(JSON.parse(body.toString()).paths as object).map((one) => one.replace(/metrics\.k8s\.io\/v1(?=\/|$)/, 'metrics.k8s.io/v1beta1')));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
