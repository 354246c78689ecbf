import * as fc from 'fast-check';
import { editDistance, nearest } from '../../src/_facts/nearest';

const NAMES = ['kubeconfig', 'metric-resolution', 'kubelet-port', 'secure-port', 'v'];

test.each([
  ['metric-resolutoin', 'metric-resolution'],
  ['kubelet_port', 'kubelet-port'],
  ['kubconfig', 'kubeconfig'],
  ['secure-prot', 'secure-port'],
  ['something-else-entirely', undefined],
  ['o', undefined],
])('%s is taken for %s', (given, meant) => {
  expect(nearest(given, NAMES)).toBe(meant);
});

test('of equally near names the first is taken', () => {
  expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
});

test.each([
  ['', 'abc', 3],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'abd', 1],
  ['kitten', 'sitting', 3],
])('%j and %j are %i slips apart', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test('distance is symmetric, zero only between equals, and never above the longer length', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(fc.property(word, word, (from, to) => {
    const distance = editDistance(from, to);
    expect(distance).toBe(editDistance(to, from));
    expect(distance === 0).toBe(from === to);
    expect(distance).toBeLessThanOrEqual(Math.max(from.length, to.length));
  }));
});
