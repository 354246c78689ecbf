import * as fc from 'fast-check';
import { SeriesDecoder } from '../../../src/runtime/prometheus/series-decoder';

function decode(text: string, chunkBytes: number): { readonly series: unknown[]; readonly envelope: unknown } {
  const series: unknown[] = [];
  const decoder = new SeriesDecoder((labels) => series.push(labels));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) decoder.push(bytes.subarray(at, at + chunkBytes));
  return { series, envelope: JSON.parse(decoder.end()) };
}

describe('a list of series', () => {
  const labels = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { noNullPrototype: true });

  test('is read whole however it is cut', () => {
    const answers = fc.record({ data: fc.array(labels), warnings: fc.array(fc.string()) });
    fc.assert(fc.property(answers, fc.integer({ min: 1, max: 100 }), fc.constantFrom(0, 1), ({ data, warnings }, chunkBytes, indent) => {
      const answer = { status: 'success', data, warnings };
      expect(decode(JSON.stringify(answer, undefined, indent), chunkBytes)).toEqual({ series: data, envelope: { ...answer, data: [] } });
    }));
  });

  test.each([
    ['{"status":"success","data":[{"a":"b"}', 'it ends in the middle'],
    ['<html>', 'Unexpected token'],
    [`{"data":[{"a":"${'x'.repeat(70_000)}"}]}`, 'it has a series of more than 65536 bytes'],
    [`"${'x'.repeat(70_000)}"`, 'it is no list of series'],
  ])('%s is refused', (text, message) => {
    expect(() => decode(text, 4096)).toThrow(message);
  });
});
