import { isDeepStrictEqual } from 'util';
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
      && (peer.status === 200 || isRefusedForm(peer) || (selectsByNode(request) && isUnknownField(peer)))
      && ((ours.status === 400 && /invalid continue token|not allowed when using continue/.test(ours.body.toString())) || (ours.status === 410 && ours.body.includes('Expired'))),
  },
  {
    reason: 'fieldSelector=spec.nodeName for pods',
    explains: (request, ours, peer) => selectsByNode(request) && isUnknownField(peer)
      && (isListed(request, ours) || isRefusedForm(ours)),
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

/** The form of the answer is refused, once there is one: as another kind of object, or as a Table of no such objects. */
function isRefusedForm({ status, body }: ReceivedAnswer): boolean {
  return status === 406 || (status === 400 && body.includes('includeObject: Invalid value'));
}

function isListed({ method, path }: RandomRequest, { status }: ReceivedAnswer): boolean {
  return method === 'GET' && /\/(?:nodes|pods)\/?(?:\?|$)/.test(path) && status === 200;
}

/** Whether the one list is the beginning of the other. */
function beginsAs(ours: ReceivedAnswer, peer: ReceivedAnswer, limit: number): boolean {
  if (ours.headers['content-type'] !== peer.headers['content-type']) return false;
  const [some, all] = [itemsOf(ours), itemsOf(peer)];
  return some.continues && isDeepStrictEqual(some.items, all.items.slice(0, limit));
}

/** The items of a list, whatever its form, and whether there are more. */
function itemsOf(answer: ReceivedAnswer): { readonly items: readonly unknown[]; readonly continues: boolean } {
  const { body } = JSON.parse(JSON.stringify(comparable(answer)).replaceAll(/metrics\.k8s\.io\/v1(?!beta1)/g, 'metrics.k8s.io/v1beta1'));
  if (body.magic !== undefined) {
    // Items are no pairs of a field's number and value; the metadata is one, with `continue` as its third field.
    const [items, fields] = [true, false].map((isItem) => body.content.filter((one: unknown[]) => Array.isArray(one[0]) === isItem));
    return { items, continues: fields.some(([number, value]: [number, string]) => number === 1 && value.includes('\u001a')) };
  }
  const { items, rows = items, metadata } = body.json === undefined ? body.value : JSON.parse(body.json);
  return { items: rows, continues: metadata.continue !== undefined };
}
