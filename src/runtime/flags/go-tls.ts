import { createSecureContext, getCiphers } from 'node:tls';

/** Names of Go's crypto/tls for what OpenSSL calls otherwise. What this build of OpenSSL lacks cannot be chosen. */

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** OpenSSL takes part in nothing older, unless told to accept weak signatures too, those of client certificates included. */
const VERSIONS: Readonly<Record<string, TlsVersion>> = { VersionTLS12: 'TLSv1.2', VersionTLS13: 'TLSv1.3' };

/** On whenever TLS 1.3 is spoken: neither Go nor we let anyone choose among them. */
const SUITES_OF_TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

const ENCRYPTIONS: Readonly<Record<string, string>> = {
  AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
  CHACHA20_POLY1305_SHA256: 'CHACHA20-POLY1305',
  CHACHA20_POLY1305: 'CHACHA20-POLY1305',
  AES_128_CBC_SHA256: 'AES128-SHA256',
  AES_128_CBC_SHA: 'AES128-SHA',
  AES_256_CBC_SHA: 'AES256-SHA',
};
const KEY_EXCHANGES: Readonly<Record<string, string>> = { ECDHE_ECDSA: 'ECDHE-ECDSA-', ECDHE_RSA: 'ECDHE-RSA-', RSA: '' };

/** By crypto/tls.CurveID, the one that Go prefers first. */
const CURVES: readonly (readonly [id: number, name: string])[] = [
  [4588, 'X25519MLKEM768'], [4587, 'SecP256r1MLKEM768'], [4589, 'SecP384r1MLKEM1024'],
  [29, 'X25519'], [23, 'P-256'], [24, 'P-384'], [25, 'P-521'],
];

export const TLS_VERSIONS = Object.keys(VERSIONS);

/** Every suite that can be chosen. */
export const CIPHER_SUITES = [
  ...SUITES_OF_TLS13,
  ...Object.keys(KEY_EXCHANGES).flatMap((exchange) => Object.keys(ENCRYPTIONS).map((encryption) => `TLS_${exchange}_WITH_${encryption}`))
    .filter((name) => openSslSuite(name) !== undefined),
];

/** Identifiers of every curve that can be chosen. */
export const CURVE_IDS = CURVES.filter(([, name]) => hasCurve(name)).map(([id]) => id).sort((a, b) => a - b);

export function tlsVersion(name: string): TlsVersion | undefined {
  return Object.hasOwn(VERSIONS, name) ? VERSIONS[name] : undefined;
}

/** OpenSSL's cipher list for suites that can all be chosen. */
export function openSslCiphers(names: readonly string[]): string {
  return [...SUITES_OF_TLS13, ...names.map(openSslSuite)].filter((name) => name !== undefined).join(':');
}

/** OpenSSL's curve list for identifiers that can all be chosen, whose order does not count. */
export function openSslCurves(ids: readonly number[]): string {
  return CURVES.filter(([id]) => ids.includes(id)).map(([, name]) => name).join(':');
}

/** Of TLS 1.2. */
function openSslSuite(name: string): string | undefined {
  const [, exchange, encryption] = /^TLS_(.+)_WITH_(.+)$/.exec(name) ?? [];
  const suite = `${KEY_EXCHANGES[exchange]}${ENCRYPTIONS[encryption]}`;
  return getCiphers().includes(suite.toLowerCase()) ? suite : undefined;
}

function hasCurve(name: string): boolean {
  try {
    // Without a list Node parses all public CAs.
    createSecureContext({ ca: [], ecdhCurve: name });
    return true;
  } catch {
    return false;
  }
}
