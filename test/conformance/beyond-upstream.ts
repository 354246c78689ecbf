import { comparable, ReceivedAnswer } from './compared-answer';
import { Difference } from './differences';
import { RandomRequest } from './random-request';

/** What is answered beyond metrics-server, unless --upstream-compatible turns it off. Swap is one more: answers are compared without it. */
export const BEYOND_UPSTREAM: readonly Difference[] = [
  {
    reason: 'limit: lists in parts',
    explains: (request, ours, peer) => limitOf(request) > 0 && isListed(request, ours) && peer.status === 200
      && beginsAs(ours, peer, limitOf(request)),
  },
  {
    reason: 'continue: a token that cannot be read is refused with 400, one whose snapshot is not there with 410',
    // Upstream gets as far as refusing the form of its answer, or the field that it does not know.
    explains: (request, ours, peer) => query(request).get('continue') !== null
      && (peer.status === 200 || peer.status === 406 || (selectsByNode(request) && isUnknownField(peer)))
      && ((ours.status === 400 && /invalid continue token|not allowed when using continue/.test(ours.body.toString())) || (ours.status === 410 && ours.body.includes('Expired'))),
  },
  {
    reason: 'fieldSelector=spec.nodeName for pods',
    explains: (request, ours, peer) => selectsByNode(request) && isListed(request, ours) && peer.status === 400 && isUnknownField(peer),
  },
  {
    reason: 'what pods can be selected by',
    explains: (_request, ours, peer) => isUnknownField(peer)
      && ours.body.toString('latin1').replace(/, \\*"spec.nodeName\\*"/, '').includes(/only .*metadata.namespace\\*"/.exec(peer.body.toString('latin1'))![0]),
  },
];

function query({ path }: RandomRequest): URLSearchParams {
  return new URLSearchParams(path.split('?')[1]);
}

function limitOf(request: RandomRequest): number {
  return Number(query(request).get('limit') ?? 0);
}

function selectsByNode(request: RandomRequest): boolean {
  return query(request).get('fieldSelector')?.includes('spec.nodeName') ?? false;
}

function isUnknownField({ status, body }: ReceivedAnswer): boolean {
  return status === 400 && body.includes('is not a known field selector');
}

function isListed({ method, path }: RandomRequest, { status }: ReceivedAnswer): boolean {
  return method === 'GET' && /\/(?:nodes|pods)\/?(?:\?|$)/.test(path) && status === 200;
}

/** Whether the one list is the beginning of the other. */
function beginsAs(ours: ReceivedAnswer, peer: ReceivedAnswer, limit: number): boolean {
  if (ours.headers['content-type'] !== 'application/json') return ours.headers['content-type'] === peer.headers['content-type'];
  const [some, all] = [comparable(ours), comparable(peer)].map((answer) => (
    JSON.parse(JSON.parse(JSON.stringify(answer).replaceAll(/metrics\.k8s\.io\/v1(?!beta1)/g, 'metrics.k8s.io/v1beta1')).body.json)
  ));
  const { items = some.rows, metadata, ...rest } = some;
  const beginning = (all.items ?? all.rows).slice(0, limit);
  return metadata.continue !== undefined && rest.kind === all.kind && JSON.stringify(items) === JSON.stringify(beginning);
}
