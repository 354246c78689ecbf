import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CIPHER_SUITES, CURVE_IDS, openSslCiphers, openSslCurves } from '../../../src/runtime/flags/go-tls';
import { optionsFrom } from '../../../src/runtime/flags/options';
import { parseFlags } from '../../../src/runtime/flags/parse';

const help = readFileSync(join(__dirname, '../../golden/metrics-server-v0.9.0/help.txt'), 'utf8');
const suitesOfHelp = (list: string) => new RegExp(`${list} values: (.*)\\.`).exec(help)![1].split(', ').filter(Boolean);

test('every cipher suite that metrics-server prefers can be chosen', () => {
  expect(CIPHER_SUITES).toEqual(expect.arrayContaining(suitesOfHelp('Preferred')));
});

test('of those that it calls insecure, the ones that OpenSSL has no longer are refused by name', () => {
  const refused = suitesOfHelp('Insecure').filter((name) => !CIPHER_SUITES.includes(name));
  expect(refused).toEqual([
    'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA', 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
    'TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'TLS_RSA_WITH_RC4_128_SHA',
  ]);
  for (const name of [...refused, 'TLS_MADE_UP']) {
    expect(() => optionsFrom(parseFlags([`--tls-cipher-suites=TLS_AES_128_GCM_SHA256,${name}`])))
      .toThrow(`cipher suite "${name}" in --tls-cipher-suites is unknown to OpenSSL ${process.versions.openssl}; allowed are TLS_AES_128_GCM_SHA256, `);
  }
});

test('no other cipher suite can be chosen', () => {
  const known = [...suitesOfHelp('Preferred'), ...suitesOfHelp('Insecure')];
  expect(CIPHER_SUITES.filter((name) => !known.includes(name))).toEqual([]);
});

test('the suites of TLS 1.3 are always on, as with Go', () => {
  expect(openSslCiphers(['TLS_RSA_WITH_AES_128_CBC_SHA', 'TLS_AES_256_GCM_SHA384']))
    .toBe('TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:AES128-SHA');
});

test('the order of curves does not count, as with Go', () => {
  expect(openSslCurves([23, 25, 29])).toBe('X25519:P-256:P-521');
});

test('a curve that this OpenSSL lacks is refused by its number', () => {
  expect(CURVE_IDS).toEqual(process.versions.openssl < '3.5' ? [23, 24, 25, 29] : [23, 24, 25, 29, 4587, 4588, 4589]);
  expect(() => optionsFrom(parseFlags(['--tls-curve-preferences=23,30'])))
    .toThrow(`curve 30 in --tls-curve-preferences is unknown to OpenSSL ${process.versions.openssl}; allowed are 23, 24, 25, 29`);
});
