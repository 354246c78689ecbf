import * as https from 'node:https';
import { Attributes, Reviewer } from './user';
import { UserInfo } from '../../src/runtime/server/user';

export interface ApiClientProps {
  readonly server: string;
  readonly ca?: string;
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Name that the server's certificate is verified against, if not the host's. */
  readonly serverName?: string;
}

export interface ApiResponse {
  readonly code: number;
  /** Parsed when it is JSON, else text. */
  readonly body: any;
}

/** Asks an API server; connections are kept until `close`. */
export class ApiClient {
  private readonly agent: https.Agent;

  constructor(private readonly props: ApiClientProps) {
    const { ca, certificate, key, serverName } = props;
    this.agent = new https.Agent({ keepAlive: true, ca, cert: certificate, key, servername: serverName });
  }

  /** Asks once more when a kept connection had ended by the time it was used: none of what is asked here does harm twice. */
  public async request(method: string, path: string, body?: object, contentType = 'application/json'): Promise<ApiResponse> {
    try {
      return await this.ask(method, path, body, contentType);
    } catch (error) {
      if (!(error instanceof EndedConnection)) throw error;
      return this.ask(method, path, body, contentType);
    }
  }

  public close(): void {
    this.agent.destroy();
  }

  private ask(method: string, path: string, body: object | undefined, contentType: string): Promise<ApiResponse> {
    const { server, token } = this.props;
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        ...token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...body === undefined ? {} : { 'content-type': contentType },
      };
      const request = https.request(new URL(path, server), { method, headers, agent: this.agent, timeout: 10_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({ code: response.statusCode!, body: isJson ? JSON.parse(text) : text });
        });
      });
      request.on('timeout', () => request.destroy(new Error(`no answer from ${server} within 10s`)));
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new EndedConnection() : error);
      }).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

class EndedConnection extends Error {}

/** Reviews by a kube-apiserver, simulated or real, as a kubelet's webhook mode does it. */
export function apiReviewer(client: ApiClient): Reviewer {
  const review = async (api: string, resource: string, spec: object) => {
    const { code, body } = await client.request('POST', `/apis/${api}/v1/${resource}`, { apiVersion: `${api}/v1`, spec });
    if (code !== 201) throw new Error(`${resource} was answered ${code}`);
    return body.status;
  };
  return {
    async authenticate(token): Promise<UserInfo | undefined> {
      const { authenticated, user } = await review('authentication.k8s.io', 'tokenreviews', { token });
      return authenticated ? { name: user.username, uid: user.uid, groups: user.groups ?? [], extra: user.extra } : undefined;
    },
    async authorize(user, { path, ...attributes }: Attributes): Promise<boolean> {
      const { allowed } = await review('authorization.k8s.io', 'subjectaccessreviews', {
        user: user.name,
        uid: user.uid,
        groups: user.groups,
        extra: user.extra,
        ...path === undefined ? { resourceAttributes: attributes } : { nonResourceAttributes: { path, verb: attributes.verb } },
      });
      return allowed;
    },
  };
}
