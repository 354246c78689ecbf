import { DEFAULT_CIPHERS } from 'node:tls';

/**
 * Those of Node.js, and beside them how strong certificates have to be, which OpenSSL has in the same list: RSA keys of 1024 bits, and no signature over
 * SHA-1. So it is with Go, and with Node.js 20; from OpenSSL 3.2 on, kubelets and API servers that metrics-server reads would be refused otherwise.
 */
export const CIPHERS = `${DEFAULT_CIPHERS}:@SECLEVEL=1`;
