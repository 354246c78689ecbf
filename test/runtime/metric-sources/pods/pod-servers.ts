import * as http from 'http';
import { AddressInfo } from 'net';
import { ApiClient, ApiRequestOptions } from '../../../../src/runtime/cluster/api-client';

type Page = string | { readonly code: number } | 'silence';

/** Pods, each with an address of its own on the loopback interface, that answer with their page, or not. */
export class PodServers {
  /** Its pods are called `web-0`, `web-1` and so on. */
  static async start(count: number): Promise<PodServers> {
    const pods = new PodServers();
    for (let i = 0; i < count; i++) await pods.add();
    return pods;
  }

  readonly pages: Page[] = [];
  readonly requests: http.IncomingMessage[] = [];
  /** What the API server was asked for them. */
  readonly listings: ApiRequestOptions[] = [];
  readonly client: Pick<ApiClient, 'request'> = {
    request: async (request) => {
      this.listings.push(request);
      return { items: this.items } as any;
    },
  };
  items: unknown[] = [];
  private readonly servers: http.Server[] = [];

  get port(): number {
    return (this.servers[0].address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private async add(): Promise<void> {
    const index = this.servers.length;
    const ip = `127.0.0.${index + 1}`;
    const server = http.createServer((request, response) => {
      this.requests.push(request);
      const page = this.pages[index];
      if (page === 'silence') return;
      if (typeof page === 'string') response.end(page);
      else response.writeHead(page.code).end();
    });
    await new Promise<void>((resolve) => server.listen(index === 0 ? 0 : this.port, ip, resolve));
    this.servers.push(server);
    this.pages.push('');
    this.items.push({ metadata: { namespace: 'shop', name: `web-${index}`, uid: `uid-${index}` }, status: { podIP: ip } });
  }
}
