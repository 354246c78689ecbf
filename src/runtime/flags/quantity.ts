import { InvalidValueError } from './usage-error';

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))$/;
const EXPONENTS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** Whole bytes of a Kubernetes quantity such as `512`, `1k`, `2Ki` or `1e3`. */
export function parseQuantity(text: string): number {
  const match = QUANTITY.exec(text);
  if (!match) throw new InvalidValueError('quantities must be a number, followed by n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent');
  const [, sign, number, binary, decimal, exponent] = match;
  const bytes = binary
    ? Number(number) * 1024 ** ('KMGTPE'.indexOf(binary[0]) + 1)
    : Number(`${number}e${exponent ?? EXPONENTS[decimal] ?? 0}`);
  // What is smaller than a byte is one, as with Kubernetes.
  return Math.ceil(bytes) * (sign === '-' ? -1 : 1);
}
