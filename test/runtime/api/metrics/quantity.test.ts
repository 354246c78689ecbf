import * as fc from 'fast-check';
import { cpuQuantity, memoryQuantity } from '../../../../src/runtime/api/metrics/quantity';
import { vectors, vectorsOf } from '../golden';

/**
 * Usage is counted in JavaScript numbers, exact up to 2^53: nine million cores, eight pebibytes.
 * Beyond, Go's largest int64 is the next double, 2^63.
 */
const beyondExactNumbers: Record<string, string> = {
  '9223372036854775807n': '9223372036854776000n',
  '9223372036854775807': '8Ei',
};

describe('quantities are what Go prints', () => {
  test.each(vectorsOf('cpu(nano)'))('%s nanocores are %s', (input, expected) => {
    expect(cpuQuantity(Number(input))).toBe(beyondExactNumbers[expected] ?? expected);
  });

  test.each(vectorsOf('memory(bytes)'))('%s bytes are %s', (input, expected) => {
    expect(memoryQuantity(Number(input))).toBe(beyondExactNumbers[expected] ?? expected);
  });

  test('sums are sums of numbers', () => {
    const sum = vectors().find(({ kind }) => kind.startsWith('sum cpu'))!;
    const operands = sum.kind.match(/\d+(?=n)/g)!.map(Number);
    expect(operands).toHaveLength(2);
    expect(cpuQuantity(operands[0] + operands[1])).toBe(sum.expected);
  });

  test('each line of the vectors is tested here, with durations, or where kubelet pages are read', () => {
    expect(new Set(vectors().map(({ kind }) => kind))).toEqual(new Set([
      'cpu(nano)', 'memory(bytes)', 'sum cpu 1000000n+250003996n', 'window(ns)',
      // A kubelet page's number as nanocores.
      'uint64(v*1e9)',
      // Nothing without a sample, and so nothing without a time, is ever served.
      'zero time json',
    ]));
  });
});

describe('the suffix', () => {
  const factor: Record<string, bigint> = {
    'n': 1n,
    'u': 1000n,
    'm': 1000n ** 2n,
    '': 1000n ** 3n,
    'k': 1000n ** 4n,
    'M': 1000n ** 5n,
    'G': 1000n ** 6n,
    'Ki': 1024n,
    'Mi': 1024n ** 2n,
    'Gi': 1024n ** 3n,
    'Ti': 1024n ** 4n,
  };
  const parse = (quantity: string) => {
    const [, integer, suffix] = /^(\d+)(\D*)$/.exec(quantity)!;
    return { integer: BigInt(integer), suffix };
  };
  const amounts = fc.oneof(
    fc.maxSafeNat(),
    fc.tuple(fc.nat(9000), fc.constantFrom(1000, 1000 ** 2, 1000 ** 3, 1024, 1024 ** 2, 1024 ** 3)).map(([n, unit]) => n * unit),
  );

  test('loses nothing of CPU and could not be larger', () => {
    fc.assert(fc.property(amounts, nanocores => {
      const { integer, suffix } = parse(cpuQuantity(nanocores));
      expect(integer * factor[suffix]).toBe(BigInt(nanocores));
      expect(nanocores === 0 || integer % 1000n !== 0n).toBe(true);
    }));
  });

  test('loses nothing of memory and could not be larger', () => {
    fc.assert(fc.property(amounts, bytes => {
      const { integer, suffix } = parse(memoryQuantity(bytes));
      const unit = suffix === '' ? 1n : suffix === 'k' ? 1000n : factor[suffix];
      expect(integer * unit).toBe(BigInt(bytes));
      expect(bytes < 1024 || integer % 1024n !== 0n).toBe(true);
    }));
  });
});
