import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function golden(name: string): string {
  return readFileSync(join(__dirname, '../../../golden/custom-metrics-apiserver-v1.36.0', name), 'utf8');
}

/** A request that an extension API server received from kube-apiserver v1.34.4, and what was answered. */
export interface WireLine {
  readonly number: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string[]>>;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string | number>>;
  /** Bytes that are no UTF-8 were lost. */
  readonly body: string;
}

export function wireLog(): WireLine[] {
  return golden('wire.jsonl').trim().split('\n').map((text, index) => {
    const { u: path, raw, status, rh: answerHeaders, rb: body } = JSON.parse(text) as { u: string; raw: string[]; status: number; rh: WireLine['answerHeaders']; rb: string };
    const headers: Record<string, string[]> = {};
    for (let at = 0; at < raw.length; at += 2) (headers[raw[at].toLowerCase()] ??= []).push(raw[at + 1]);
    return { number: index + 1, path, headers, status, answerHeaders, body };
  });
}

/** A request by curl, and the indented answer. */
export interface Query {
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export function queries(): Query[] {
  const text = golden('queries.txt');
  return [...text.matchAll(/^--- (\S+) (\S+)\n(.*?)\n\[(\d+) (\S+)\]$/gms)].map(([, version, path, body, status, contentType]) => (
    { path: `/apis/custom.metrics.k8s.io/${version}/${path}`, status: Number(status), contentType, body }
  ));
}
