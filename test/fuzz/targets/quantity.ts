import { cpuQuantity, memoryQuantity } from '../../../src/runtime/api/metrics/quantity';
import { parseDuration } from '../../../src/runtime/flags/duration';
import { parseQuantity } from '../../../src/runtime/flags/quantity';
import { InvalidValueError } from '../../../src/runtime/flags/usage-error';
import { FuzzTarget } from '../target';

/** Quantities and durations that users write, and the quantities that are served. */
export const quantity: FuzzTarget = {
  name: 'quantity',
  words: ['Ki', 'Mi', 'Ei', 'n', 'u', 'm', 'k', 'E', 'e+', 'e-', '.', '-', '+', 'h', 'ms', 'µs', '999999999999999999999'],
  check(input) {
    const text = input.toString('utf8');
    for (const parse of [parseQuantity, parseDuration]) {
      const value = valueOf(parse, text);
      if (Number.isNaN(value)) throw new Error(`${parse.name} of ${JSON.stringify(text)} is NaN`);
    }
    if (input.length < 8) return;
    // As a Go int64 has it, as far as a double is exact, and small ones often.
    const integer = Math.floor((input.readUInt32LE() * 2 ** 21 + input.readUInt32LE(4) % 2 ** 21) / 2 ** (input[0] % 53));
    if (parseQuantity(memoryQuantity(integer)) !== integer) throw new Error(`${integer} bytes are served as ${memoryQuantity(integer)}`);
    const cores = cpuQuantity(integer);
    const nanocores = Number(/^\d+/.exec(cores)![0]) * 1000 ** ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].indexOf(cores.replace(/^\d+/, ''));
    if (nanocores !== integer) throw new Error(`${integer} nanocores are served as ${cores}`);
  },
};

function valueOf(parse: (text: string) => number, text: string): number | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidValueError) return undefined;
    throw error;
  }
}
