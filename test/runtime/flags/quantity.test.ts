import { parseQuantity } from '../../../src/runtime/flags/quantity';
import { InvalidValueError } from '../../../src/runtime/flags/usage-error';

test.each([
  ['0', 0], ['512', 512], ['1k', 1000], ['2Ki', 2048], ['3M', 3_000_000], ['1.5Mi', 1_572_864], ['.5k', 500], ['1e3', 1000], ['2E', 2e18],
  ['1m', 1], ['1500m', 2], ['+7', 7], ['-1Ki', -1024], ['1E3', 1000], ['1.', 1],
])('%s', (text, bytes) => {
  expect(parseQuantity(text)).toBe(bytes);
});

test.each(['', 'k', '1K', '1KiB', '1 k', '1ki', '--1', '1e', '.', '1n5'])('%j is refused', (text) => {
  expect(() => parseQuantity(text)).toThrow(InvalidValueError);
});
