import { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from './authentication';
import { readNodeStats, SimulatedNode } from './fleet';
import { writeText } from './http-body';
import { HttpsServer } from './https-server';
import { answer, badIdentity, KubeletFault } from './kubelet-fault';
import { renderKubeletPage } from './kubelet-page';
import { Identity, issueCertificate } from './pki';
import { StatusError } from './status';
import { Reviewer } from './user';
import { Clock } from '../../src/runtime/clock';

export interface KubeletProps {
  readonly node: SimulatedNode;
  /** Loopback address to listen on. */
  readonly host: string;
  /** @default 0 any free port */
  readonly port?: number;
  readonly clock: Clock;
  /** Signs the serving certificate; client certificates are verified against it. */
  readonly ca: Identity;
  /** Asked who a token stands for and what its user may do. */
  readonly reviewer: Reviewer;
}

/** A node's kubelet: HTTPS, delegated authentication and authorization, `/metrics/resource`. */
export class Kubelet {
  public static async start(props: KubeletProps): Promise<Kubelet> {
    const { node, host, ca } = props;
    const identity = await issueCertificate(ca, { commonName: `system:node:${node.name}`, dnsNames: [node.name], ipAddresses: [host], usages: ['server'] });
    const kubelet = new Kubelet(props, identity);
    await kubelet.listen(props.port ?? 0);
    return kubelet;
  }

  /** Requests for the page so far. */
  public requests = 0;
  /** Requests for the page that are being answered. */
  public requestsUnderWay = 0;
  private server!: HttpsServer;
  private fault: KubeletFault | undefined;
  private refusing = false;

  private constructor(private readonly props: KubeletProps, private readonly identity: Identity) {}

  public get node(): SimulatedNode {
    return this.props.node;
  }

  public get host(): string {
    return this.server.host;
  }

  public get port(): number {
    return this.server.port;
  }

  /** Breaks the kubelet in the given way; without a fault it is whole again. Connections there are end. */
  public async setFault(fault?: KubeletFault): Promise<void> {
    this.fault = fault;
    if (this.refusing) await this.listen(this.port);
    this.refusing = fault?.kind === 'refuse';
    if (this.refusing) return this.server.close();
    const { ca, node, host } = this.props;
    const identity = fault?.kind === 'certificate' ? await badIdentity(fault.problem, ca, node.name, host) : this.identity;
    this.server.setIdentity(identity, { ca: ca.certificate });
  }

  public async stop(): Promise<void> {
    if (!this.refusing) await this.server.close();
  }

  private async listen(port: number): Promise<void> {
    this.server = await HttpsServer.listen({
      identity: this.identity,
      clientCa: this.props.ca.certificate,
      host: this.props.host,
      port,
      handler: (request, response) => this.handle(request, response),
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const user = await authenticate(request, (token) => this.props.reviewer.authenticate(token));
      const name = this.node.name;
      if (!await this.props.reviewer.authorize(user, { verb: 'get', group: '', resource: 'nodes', subresource: 'metrics', name })) {
        return writeText(response, 403, `Forbidden (user=${user.name}, verb=get, resource=nodes, subresource(s)=[metrics])`);
      }
      if (request.url !== '/metrics/resource') return writeText(response, 404, '404 page not found\n');
      this.requests++;
      this.requestsUnderWay++;
      response.on('close', () => this.requestsUnderWay--);
      const stats = readNodeStats(this.node, this.props.clock.now());
      answer(renderKubeletPage(this.fault?.kind === 'stats' ? this.fault.change(stats) : stats), this.fault, request, response);
    } catch (error) {
      writeText(response, error instanceof StatusError ? error.code : 500, error instanceof StatusError ? error.message : String(error));
    }
  }
}
