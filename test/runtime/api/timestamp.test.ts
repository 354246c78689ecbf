import * as fc from 'fast-check';
import { timestamp } from '../../../src/runtime/api/timestamp';

test('a time is written with whole seconds, whatever was written before', () => {
  expect(timestamp(1_795_229_740_999)).toBe('2026-11-21T02:55:40Z');
  const near = fc.integer({ min: 1_795_229_000_000, max: 1_795_229_200_000 });
  fc.assert(fc.property(fc.array(fc.oneof(near, fc.integer({ min: -1e12, max: 4e12 }))), times => {
    expect(times.map(timestamp)).toEqual(times.map(ms => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000', '')));
  }));
});
