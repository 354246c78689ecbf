import { isDeepStrictEqual } from 'node:util';
import { SeriesDecoder } from '../../../src/runtime/prometheus/series-decoder';
import { FuzzTarget } from '../target';

/** An answer of `/api/v1/series`, cut anywhere by the network. */
export const seriesDecoder: FuzzTarget = {
  name: 'series-decoder',
  words: ['{"status":"success","data":[', ']}', '{"__name__":"up","job":"web"}', ',', '\\"', '"', '[', ']', '{', '}', ' ', '\\u0000', 'null'],
  check(input) {
    const whole = read(input, input.length);
    for (const pieceBytes of [1, 1 + input.length % 97]) {
      if (!isDeepStrictEqual(whole, read(input, pieceBytes))) throw new Error(`depends on where it is cut: every ${pieceBytes} bytes`);
    }
  },
};

function read(input: Buffer, pieceBytes: number) {
  const series: unknown[] = [];
  const decoder = new SeriesDecoder((labels) => series.push(labels));
  try {
    for (let at = 0; at < input.length; at += pieceBytes) decoder.push(input.subarray(at, at + pieceBytes));
    return { series, envelope: decoder.end() };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    // How much came before a mistake depends on the cuts.
    return { refused: true };
  }
}
