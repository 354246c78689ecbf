import { parsed } from './certificate-checks';

/** No other program's CAs are named so. */
const NAME = 'metrics-server-ca@';

/** The common name of a CA that this program makes for itself. */
export function ownCaName(nowMs: number): string {
  return `${NAME}${Math.floor(nowMs / 1000)}`;
}

/** Whether this program, in whatever pod, made the CA for itself. */
export function isOwnCa(pem: string): boolean {
  return parsed(pem)?.subject.startsWith(`CN=${NAME}`) ?? false;
}
