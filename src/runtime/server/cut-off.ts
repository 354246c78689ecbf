import { ServerResponse } from 'node:http';
import { constants, ServerHttp2Stream } from 'node:http2';

/** What an answer is written to. */
export interface Outlet {
  readonly destroyed: boolean;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

const cutOffs = new WeakSet<Outlet>();

/** Ends an answer that is under way at once: its client is told that there is no more of it, and can tell that this is not all. */
export function cutOff(outlet: Outlet | ServerResponse | ServerHttp2Stream): void {
  const stream = streamOf(outlet);
  // One that its client has reset is not our doing.
  if (stream && !stream.closed) {
    cutOffs.add(stream);
    // Destroyed without this, it ends by NO_ERROR, as what is complete does (RFC 9113, section 8.1).
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
  outlet.destroy();
}

export function wasCutOff(stream: ServerHttp2Stream): boolean {
  return cutOffs.has(stream);
}

/** Undefined in HTTP/1.1. */
function streamOf(outlet: object): ServerHttp2Stream | undefined {
  return 'respond' in outlet ? outlet as ServerHttp2Stream : (outlet as { readonly stream?: ServerHttp2Stream }).stream;
}
