import { IncomingMessage } from 'node:http';
import { constants, Http2SecureServer, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Clock, Stop } from '../clock';
import { Connection, GRACE_MS, Transport } from './connection';
import { ConnectionRoom } from './connection-room';
import { wasCutOff } from './cut-off';
import { Owner } from './owner';
import { ResetLimit } from './reset-limit';
import { StreamLimit } from './stream-limit';

/** How often it is looked whether requests are under way; what they leave in buffers is sent by then. */
const DRAIN_CHECK_MS = 1000;

export interface ConnectionsOptions {
  readonly room: ConnectionRoom;
  /** Streams that an HTTP/2 connection of kube-apiserver may have. @default 100 */
  readonly maxStreams?: number;
  /** Of a client that resets requests in floods. */
  readonly onClosedForResets: () => void;
  readonly clock: Clock;
}

/** All connections to a server, from the first byte of TCP on, be they HTTP/2 or HTTP/1.1. */
export class Connections {
  /** Of TCP. */
  private readonly sockets = new Set<Socket>();
  /** Of TCP, whose connections end though they may not have begun. */
  private readonly ending = new WeakSet<Socket>();
  /** By HTTP/2 session, or socket of HTTP/1.1. */
  private readonly connections = new Map<object, Connection>();
  private readonly streamLimit: StreamLimit;

  constructor(server: Http2SecureServer, private readonly options: ConnectionsOptions) {
    this.streamLimit = new StreamLimit(options.maxStreams);
    server.on('connection', (socket: Socket) => {
      options.room.opened(socket);
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    // Before Node.js makes the session, whose first SETTINGS these are: lowered by later ones, streams on their way would end the connection.
    server.prependListener('secureConnection', (socket: TLSSocket) => {
      if (socket.alpnProtocol !== 'h2') return;
      server.updateSettings({ maxConcurrentStreams: this.streamLimit.ofNew(tcpSocketOf(socket), socket.authorized) });
    });
    server.on('session', (session) => this.sessionBegun(session));
    server.on('secureConnection', (socket) => {
      if (socket.alpnProtocol === 'h2') return;
      this.track(socket, tcpSocketOf(socket), { announceEnd: () => {}, close: () => socket.destroySoon(), destroy: () => socket.destroy() });
    });
  }

  /** The request's; undefined when it is gone. */
  of(request: IncomingMessage): Connection | undefined {
    const { stream } = request as { stream?: ServerHttp2Stream };
    return this.connections.get(stream ? stream.session ?? stream : request.socket);
  }

  /** Ends all that have begun, those in their handshakes too, after what is under way. */
  end(): void {
    this.sockets.forEach((socket) => this.ending.add(socket));
    this.connections.forEach((connection) => connection.end());
  }

  /** Cuts off what is left after so long, or when no request is under way any more. Returns what keeps it from that. */
  destroyWithin(leftMs: number): Stop {
    let stop: Stop = () => {};
    const look = (ms: number) => {
      stop = this.options.clock.after(Math.min(ms, DRAIN_CHECK_MS), () => {
        if (this.areBusy && ms > DRAIN_CHECK_MS) return look(ms - DRAIN_CHECK_MS);
        // Without a request these are handshakes, and connections on which nothing was ever asked.
        this.sockets.forEach((socket) => socket.destroy());
      });
    };
    look(leftMs);
    return () => stop();
  }

  private get areBusy(): boolean {
    return [...this.connections.values()].some((connection) => connection.isBusy);
  }

  private sessionBegun(session: ServerHttp2Session): void {
    const { clock, onClosedForResets } = this.options;
    const tcpSocket = tcpSocketOf(session.socket);
    const resets = new ResetLimit(clock);
    session.on('error', () => session.destroy());
    session.on('stream', (stream) => stream.once('close', () => {
      const wasReset = !wasCutOff(stream) && (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR);
      if (!wasReset || !resets.isExceeded() || session.destroyed) return;
      onClosedForResets();
      session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      tcpSocket.once('close', clock.after(GRACE_MS, () => tcpSocket.destroy()));
    }));
    this.track(session, tcpSocket, {
      announceEnd: () => session.close(),
      close: () => session.close(),
      destroy: () => {
        session.destroy();
        // A session may wait for ever for a write that its client's reset has made impossible.
        tcpSocket.destroy();
      },
    }, (owner) => {
      const maxConcurrentStreams = session.destroyed ? undefined : this.streamLimit.raisedFor(tcpSocket, owner);
      if (maxConcurrentStreams !== undefined) session.settings({ maxConcurrentStreams });
    });
  }

  private track(key: TLSSocket | ServerHttp2Session, tcpSocket: Socket, transport: Transport, onRecognized: (owner: Owner) => void = () => {}): void {
    const { clock, room } = this.options;
    const connection = new Connection(transport, clock, {
      used: (owesAnswer) => room.used(tcpSocket, owesAnswer),
      recognized: (owner) => {
        room.recognized(tcpSocket, owner);
        onRecognized(owner);
      },
    });
    this.connections.set(key, connection);
    key.once('close', () => {
      this.connections.delete(key);
      connection.closed();
    });
    if (this.ending.has(tcpSocket)) connection.end();
  }
}

/** The one that TLS was laid over. Node.js does not document it; the addresses of both are alike, but gone with the client. */
function tcpSocketOf(socket: Socket): Socket {
  return (socket as { readonly _parent?: Socket })._parent ?? socket;
}
