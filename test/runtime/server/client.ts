import { connect as connectHttp2, OutgoingHttpHeaders } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { Identity } from '../../simulated-cluster/pki';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Unzipped. */
  readonly bytes: Buffer;
  /** The same as text. */
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Client certificate. */
  readonly identity?: Identity;
}

/** The server is to refuse weak certificates, not the client to show them. */
const tls = { rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };

/** Asks once, over a connection of its own. */
export type Ask = (port: number, path: string, question?: Question) => Promise<Answer>;

export const askHttp1: Ask = (port, path, { method = 'GET', headers = {}, identity } = {}) => new Promise((resolve, reject) => {
  const request = requestHttps({
    host: '127.0.0.1', port, path, method, headers, agent: false, ...tls, cert: identity?.certificate, key: identity?.key,
  }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => resolve(answer(response.statusCode!, response.headers, Buffer.concat(chunks))));
  });
  request.on('error', reject);
  request.end();
});

export const askHttp2: Ask = (port, path, { method = 'GET', headers = {}, identity } = {}) => new Promise((resolve, reject) => {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ...tls, cert: identity?.certificate, key: identity?.key });
  session.on('error', reject);
  const stream = session.request({ ':path': path, ':method': method, ...headers });
  const chunks: Buffer[] = [];
  let received: Answer['headers'] & { ':status'?: number } = {};
  stream.on('response', (responseHeaders) => { received = responseHeaders as typeof received; });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', (error) => {
    session.destroy();
    reject(error);
  });
  stream.on('end', () => {
    session.close();
    resolve(answer(Number(received[':status']), received, Buffer.concat(chunks)));
  });
  stream.end();
});

function answer(status: number, headers: Answer['headers'], body: Buffer): Answer {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return { status, headers, bytes, body: bytes.toString() };
}
