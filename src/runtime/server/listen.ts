import { AddressInfo, Server } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Lets others listen there too, from Node.js 22.12 on. @default false */
  readonly reusePort?: boolean;
}

/** On all addresses of both families when the host is `0.0.0.0` or `::`. */
export async function listen(server: Server, { host, ...others }: ListenAddress): Promise<AddressInfo> {
  if (host !== '0.0.0.0' && host !== '::') return bind(server, { host, ...others });
  try {
    return await bind(server, { host: '::', ...others });
  } catch (error) {
    // Machines without IPv6.
    if (!['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return bind(server, { host: '0.0.0.0', ...others });
  }
}

function bind(server: Server, address: ListenAddress): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...address, ipv6Only: false }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
