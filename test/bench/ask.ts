import { execFile } from 'child_process';
import { promisify } from 'util';
import { RunningServer } from './contender';

export interface AskOptions {
  readonly path: string;
  /** @default 'application/json' */
  readonly accept?: string;
  /** @default false */
  readonly gzip?: boolean;
  /** Ask kube-apiserver instead, which asks the server. @default false */
  readonly aggregated?: boolean;
  /** Requests at the same time, each on a connection of its own. */
  readonly clients: number;
  /** Of a client, between two requests: any time up to twice as long. */
  readonly pauseMs: number;
  /** Each client asks once at least. */
  readonly seconds: number;
}

/** What the load program prints. */
export interface Answers {
  /** Requests by status code, or by what went wrong before there was one. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Of requests answered 200 to the last byte, ascending. */
  readonly latenciesMs: readonly number[];
  readonly bytes: number;
  readonly wallMs: number;
}

/** Asks as the aggregation layer does: HTTP/2, directly, with the front proxy's certificate. */
export async function ask(server: RunningServer, options: AskOptions): Promise<Answers> {
  const { path, accept = 'application/json', gzip = false, aggregated = false, clients, pauseMs, seconds } = options;
  const { programs, frontProxy, admin, controlPlane } = server.cluster;
  const origin = aggregated ? `https://${controlPlane.host}:${controlPlane.port}` : server.origin;
  const { certificateFile, keyFile } = aggregated ? admin : frontProxy;
  const { stdout } = await promisify(execFile)(`${programs}/ask`, [
    `-url=${origin}/apis/metrics.k8s.io/v1beta1/${path}`, `-certificate=${certificateFile}`, `-key=${keyFile}`,
    `-accept=${accept}`, `-gzip=${gzip}`, `-clients=${clients}`, `-pause=${pauseMs}ms`, `-for=${seconds}s`,
  ], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as Answers;
}
