import { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import * as https from 'node:https';
import { KubeObject } from './kube-object';
import { Identity } from './pki';
import { unavailable } from './status';
import { UserInfo } from '../../src/runtime/server/user';

/** Where a Service's only endpoint listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Hop-by-hop headers, and those by which a client could say to be someone else. */
const NOT_FORWARDED = /^(:.*|connection|host|authorization|keep-alive|transfer-encoding|upgrade|te|x-remote-.*)$/;
const NOT_RETURNED = /^(connection|keep-alive|transfer-encoding)$/;

/** Hands a request to the extension API server of an APIService, as kube-aggregator does: identity by header, server verified by caBundle. */
export function proxyToApiService(
  request: IncomingMessage, response: ServerResponse, apiService: KubeObject, endpoint: Endpoint | undefined, user: UserInfo, frontProxy: Identity,
): Promise<void> {
  const { service, caBundle, insecureSkipTLSVerify = false } = apiService.spec;
  if (!endpoint) throw unavailable(`service ${service.namespace}/${service.name} has no endpoint`);
  return new Promise((resolve, reject) => {
    const proxied = https.request({
      host: endpoint.host,
      port: endpoint.port,
      servername: `${service.name}.${service.namespace}.svc`,
      // Without a bundle nothing but the machine's own roots is trusted.
      ca: caBundle === undefined ? undefined : Buffer.from(caBundle, 'base64'),
      rejectUnauthorized: !insecureSkipTLSVerify,
      cert: frontProxy.certificate,
      key: frontProxy.key,
      method: request.method,
      path: request.url,
      headers: { ...filterHeaders(request.headers, NOT_FORWARDED), ...identityHeaders(user) },
      agent: false,
    }, (answer) => {
      response.writeHead(answer.statusCode!, filterHeaders(answer.headers, NOT_RETURNED));
      answer.pipe(response).on('close', resolve);
      answer.on('error', reject);
    });
    proxied.on('error', (error) => reject(unavailable(`error trying to reach service: ${error.message}`)));
    response.on('close', () => proxied.destroy());
    request.pipe(proxied);
  });
}

function identityHeaders(user: UserInfo): OutgoingHttpHeaders {
  const extra = Object.entries(user.extra ?? {}).map(([key, values]) => [`X-Remote-Extra-${encodeURIComponent(key)}`, [...values]]);
  return { 'X-Remote-User': user.name, 'X-Remote-Group': [...user.groups], ...Object.fromEntries(extra) };
}

function filterHeaders(headers: OutgoingHttpHeaders, excluded: RegExp): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !excluded.test(name)));
}
