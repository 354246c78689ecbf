import { ReceivedAnswer } from './compared-answer';
import { VERSIONS, withBothVersions } from './named-differences';
import { RandomRequest } from './random-request';

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
      && (isProtobuf(ours) || sameJson(ours, peer, (value) => JSON.parse(JSON.stringify(withBothVersions(value)).replace(PORT, PORT.exec(ours.body.toString())?.[0] ?? '')))),
  },
  {
    reason: 'in protobuf the name of a version has another length',
    explains: (request, ours, peer) => request.version === 'v1' && isProtobuf(ours) && isProtobuf(peer) && ours.status === peer.status
      && /^\/apis\/metrics\.k8s\.io\/\{version\}\/?$/.test(path(request)),
  },
  {
    reason: `a path that leads nowhere is answered with those that lead somewhere: ${VERSIONS}; pages that only one of the two has`,
    explains: (_request, ours, peer) => ours.status === peer.status
      && [ours, peer].every(({ body }) => body.includes('"/apis/metrics.k8s.io/v1beta1"') && body.includes('"paths"')),
  },
  { reason: '/version says what runs', explains: (request, ...answers) => answered(200)(request, ...answers) && /^\/version\/?$/.test(path(request)) },
  {
    reason: 'errors do not name types of Go; one of them has a header against sniffing',
    explains: (request, ours, peer) => ours.status === peer.status
      && ((ours.status === 406 && peer.body.includes('(*metrics.')) || (ours.status === 400 && (peer.body.includes('user.DefaultInfo{') || isHeadOfActingFor(request)))),
  },
  {
    reason: 'a URL that cannot be decoded is refused in other words',
    explains: (request, ...answers) => answered(400)(request, ...answers) && path(request) === '',
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
    reason: 'an OpenAPI document that is not there is not found; upstream says nothing, with 200 or 406',
    explains: (request, ours, peer) => ours.status === 404 && peer.body.length === 0 && path(request).startsWith('/openapi/v3/'),
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

function sameJson(ours: ReceivedAnswer, peer: ReceivedAnswer, toOurs: (peer: unknown) => unknown): boolean {
  if (ours.headers['content-type'] !== peer.headers['content-type']) return false;
  if (ours.body.length === 0 || !String(ours.headers['content-type']).startsWith('application/json')) return true;
  return JSON.stringify(JSON.parse(ours.body.toString())) === JSON.stringify(toOurs(JSON.parse(peer.body.toString())));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
