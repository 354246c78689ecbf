import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { MetricRegistry } from '../telemetry/metric-registry';
import { METRICS_CONTENT_TYPE } from '../telemetry/text-format';

/** For probes and Prometheus: what they read is no secret, and nothing can be done with it. */
export class Pages {
  private readonly server: Server;

  constructor(registry: MetricRegistry, unready: () => string | undefined) {
    this.server = createServer({ requestTimeout: 10_000, connectionsCheckingInterval: 5_000 }, ({ url = '' }, response) => {
      const reason = unready();
      switch (url.replace(/\?.*/, '')) {
        case '/livez':
          return response.end('ok');
        case '/readyz':
          return response.writeHead(reason === undefined ? 200 : 500).end(reason ?? 'ok');
        case '/metrics':
          return response.setHeader('content-type', METRICS_CONTENT_TYPE).end(registry.render());
        default:
          return response.writeHead(404).end('not found\n');
      }
    });
    this.server.maxConnections = 100;
  }

  /** The address in use. Rejects with Node's error when it cannot be had. */
  listen(host: string | undefined, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen({ host, port }, () => resolve(this.server.address() as AddressInfo));
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
