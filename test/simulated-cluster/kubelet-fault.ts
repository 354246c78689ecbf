import { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { NodeStats } from './kubelet-page';
import { createCertificateAuthority, Identity, issueCertificate } from './pki';

/** What goes wrong with a kubelet. */
export type KubeletFault =
  /** Nothing listens. */
  | { readonly kind: 'refuse' }
  /** The request is taken and never answered. */
  | { readonly kind: 'hang' }
  /** One byte of the page every second. */
  | { readonly kind: 'trickle' }
  | { readonly kind: 'status'; readonly code: number; readonly headers?: Readonly<Record<string, string>> }
  /** Half of the page, then the connection breaks. */
  | { readonly kind: 'half-page' }
  /** Another page than the kubelet's own: garbage, NaN, something huge. */
  | { readonly kind: 'page'; readonly body: string | Buffer; readonly headers?: Readonly<Record<string, string>> }
  /** So many bytes of a page that are no metrics, of a length that is told before or not. */
  | { readonly kind: 'flood'; readonly bytes: number; readonly announced: boolean }
  /** A whole page that tells something else. */
  | { readonly kind: 'stats'; readonly change: (stats: NodeStats) => NodeStats }
  /** Compressed, whether asked for or not. */
  | { readonly kind: 'gzip' }
  | { readonly kind: 'certificate'; readonly problem: CertificateProblem };

/** `no-address` names the node alone: who verifies addresses only refuses it. */
export type CertificateProblem = 'unknown-authority' | 'wrong-name' | 'no-address' | 'expired';

export const GARBAGE: KubeletFault = { kind: 'page', body: 'node_cpu_usage_seconds_total{ 1 }}\n\u0000\u0001 not metrics' };

const CONTENT_TYPE = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' };

/** Answers with the page, as far as the fault lets it. */
export function answer(page: string, fault: KubeletFault | undefined, request: IncomingMessage, response: ServerResponse): void {
  switch (fault?.kind) {
    case 'hang': return;
    case 'trickle': return trickle(page, response);
    case 'status': return void response.writeHead(fault.code, { ...CONTENT_TYPE, ...fault.headers }).end('simulated failure\n');
    case 'flood': return flood(fault.bytes, fault.announced, response);
    case 'half-page': return breakOff(page, response);
    case 'page': return void response.writeHead(200, { ...CONTENT_TYPE, ...fault.headers }).end(fault.body);
    default: {
      const compressed = fault?.kind === 'gzip' || /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
      const body = compressed ? gzipSync(page, { level: 1 }) : Buffer.from(page);
      const encoding = compressed ? { 'content-encoding': 'gzip' } : {};
      response.writeHead(200, { ...CONTENT_TYPE, ...encoding, 'content-length': body.length }).end(body);
    }
  }
}

/** A certificate that clients refuse for the given reason. */
export async function badIdentity(problem: CertificateProblem, clusterCa: Identity, name: string, address: string): Promise<Identity> {
  const request = { commonName: name, dnsNames: [name], ipAddresses: [address], usages: ['server'] as const };
  switch (problem) {
    case 'unknown-authority': return issueCertificate(await createCertificateAuthority('somebody else'), request);
    case 'wrong-name': return issueCertificate(clusterCa, { ...request, dnsNames: ['other-node'], ipAddresses: ['192.0.2.1'] });
    case 'no-address': return issueCertificate(clusterCa, { ...request, ipAddresses: [] });
    case 'expired': return issueCertificate(clusterCa, { ...request, notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
  }
}

function trickle(page: string, response: ServerResponse): void {
  let sent = 0;
  response.writeHead(200, CONTENT_TYPE);
  const timer = setInterval(() => response.write(page[sent++]), 1000);
  response.on('close', () => clearInterval(timer));
}

function breakOff(page: string, response: ServerResponse): void {
  response.writeHead(200, { ...CONTENT_TYPE, 'content-length': Buffer.byteLength(page) });
  // The half must be on its way before the connection is torn.
  response.write(page.slice(0, page.length / 2), () => setImmediate(() => response.destroy()));
}

/** As fast as the client reads. */
function flood(bytes: number, announced: boolean, response: ServerResponse): void {
  const line = Buffer.from(`# ${'x'.repeat(64 * 1024 - 3)}\n`);
  response.writeHead(200, { ...CONTENT_TYPE, ...announced ? { 'content-length': bytes } : {} });
  let left = bytes;
  const send = () => {
    while (left > 0 && !response.destroyed) {
      const piece = line.subarray(0, left);
      left -= piece.length;
      if (!response.write(piece)) return;
    }
    response.end();
  };
  response.on('drain', send);
  send();
}
