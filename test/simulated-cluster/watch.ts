import { ServerResponse } from 'node:http';
import { partial } from './collection';
import { apiVersionOf, KubeObject, Resource } from './kube-object';
import { Change, ObjectStore } from './object-store';
import { selectorOf } from './selector';
import { invalid, StatusError } from './status';
import { Clock, Stop } from '../../src/runtime/clock';

export interface WatchProps {
  readonly resource: Resource;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly metadataOnly: boolean;
}

/** Interval of bookmarks: the API server sends one about every minute. */
export const BOOKMARK_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_SECONDS = 1800;

export interface ServedWatch {
  readonly end: Stop;
  /** Sends nothing any more, and does not end. */
  readonly hang: Stop;
}

/** Streams changes to a client until it leaves, its time is up or its revision is gone. */
export function serveWatch(store: ObjectStore, clock: Clock, response: ServerResponse, props: WatchProps): ServedWatch {
  const { resource, namespace, query, metadataOnly } = props;
  const initialEvents = query.get('sendInitialEvents') === 'true';
  if (initialEvents && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalid('resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  const matches = selectorOf(query) ?? (() => true);
  const send = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
  const show = (object: KubeObject) => metadataOnly ? partial(object) : object;
  const bookmark = (annotations?: Record<string, string>) => send('BOOKMARK', {
    kind: metadataOnly ? 'PartialObjectMetadata' : resource.kind,
    apiVersion: metadataOnly ? 'meta.k8s.io/v1' : apiVersionOf(resource),
    metadata: { resourceVersion: String(store.revision), annotations },
  });
  const onChange = (change: Change) => {
    if (change.resource !== resource || namespace !== '' && change.object.metadata.namespace !== namespace) return;
    const type = typeSeenBy(matches, change);
    if (type) send(type, show(change.object));
  };

  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  const stops: Stop[] = [];
  const hang = () => stops.splice(0).forEach((stop) => stop());
  const end = () => {
    hang();
    response.end();
  };
  response.on('close', end);
  try {
    const since = query.get('resourceVersion') ?? '';
    // Without a revision a watch starts with the objects there are.
    if (initialEvents || ['', '0'].includes(since)) store.list(resource, namespace).filter(matches).forEach((object) => send('ADDED', show(object)));
    if (initialEvents) bookmark({ 'k8s.io/initial-events-end': 'true' });
    stops.push(store.subscribe(initialEvents ? store.revision : Number(since) || store.revision, onChange));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    send('ERROR', error.toStatus());
    end();
    return { end, hang };
  }
  if (query.get('allowWatchBookmarks') === 'true') stops.push(every(clock, BOOKMARK_INTERVAL_MS, () => bookmark()));
  stops.push(clock.after((Number(query.get('timeoutSeconds')) || DEFAULT_TIMEOUT_SECONDS) * 1000, end));
  // Tells the client that the watch stands even while nothing happens.
  response.flushHeaders();
  return { end, hang };
}

/** What a change is to a watch with a selector: an object that no longer matches is deleted, one that newly does is added. */
function typeSeenBy(matches: (object: KubeObject) => boolean, { type, object, previous }: Change): Change['type'] | undefined {
  const matched = previous !== undefined && matches(previous);
  if (type === 'DELETED') return matched ? 'DELETED' : undefined;
  if (matches(object)) return matched ? 'MODIFIED' : 'ADDED';
  return matched ? 'DELETED' : undefined;
}

function every(clock: Clock, intervalMs: number, callback: () => void): Stop {
  let stop = clock.after(intervalMs, function tick() {
    callback();
    stop = clock.after(intervalMs, tick);
  });
  return () => stop();
}
