import { createServer, request, Server } from 'http';

/** A proxy in front of Prometheus that lets in who has the token of the day. */
export class Guard {
  public readonly url: string;
  private readonly server: Server;

  constructor(prometheusUrl: string, port: number, public token: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.server = createServer((incoming, outgoing) => {
      if (incoming.headers.authorization !== `Bearer ${this.token}`) {
        outgoing.writeHead(401).end();
        return;
      }
      const passed = request(new URL(incoming.url!, prometheusUrl), { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    }).listen(port, '127.0.0.1');
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
