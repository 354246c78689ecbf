import { isIPv4, isIPv6 } from 'net';
import { Check, refuse } from '../validation/_validation';

/**
 * A network in CIDR notation. As strictly as Kubernetes' newest validation (KEP-4858): no leading zeros, no IPv4 within IPv6, no bits beyond the prefix.
 */
export const checkCidr: Check = (scope, property, value) => {
  const [, address, length] = typeof value === 'string' ? /^([^%/]+)\/(0|[1-9]\d{0,2})$/.exec(value) ?? [] : [];
  const bits = address === undefined ? undefined : bitsOf(address);
  if (bits === undefined || Number(length) > bits.length) {
    refuse(scope, {
      property,
      given: value,
      allowed: 'a network in CIDR notation, IPv4 with a prefix of 0 to 32 bits or IPv6 with 0 to 128',
      mend: 'write it as in 10.0.0.0/8 or fd00::/8; for one address, with /32 or /128',
    });
  }
  if (!bits.includes('1', Number(length))) return;
  refuse(scope, {
    property,
    given: value,
    allowed: `the network's own address before /${length}, without bits beyond those`,
    mend: `clear the last ${bits.length - Number(length)} bits, or write /${bits.length} for that one address`,
  });
};

/** Bits of an address as 0s and 1s, the first first. */
function bitsOf(address: string): string | undefined {
  if (isIPv4(address)) return binary(address.split('.').map(Number), 8);
  if (!isIPv6(address) || address.includes('.')) return undefined;
  const [head, tail] = address.split('::').map((half) => half.split(':').filter(Boolean).map((group) => parseInt(group, 16)));
  const missing = tail ? 8 - head.length - tail.length : 0;
  return binary([...head, ...Array<number>(missing).fill(0), ...tail ?? []], 16);
}

function binary(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}
