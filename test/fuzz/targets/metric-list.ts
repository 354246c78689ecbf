import { externalMetricValues, metricValues, resourceNames } from '../../../src/runtime/other-adapters/metric-list';
import { ProtobufWriter } from '../../../src/runtime/server/encoding/protobuf-writer';
import { FuzzTarget } from '../target';

const NOW_MS = Date.parse('2026-11-22T00:00:00Z');

/** What another adapter answers. */
export const metricList: FuzzTarget = {
  name: 'metric-list',
  words: [
    '{"items":[', ']}', '{"describedObject":{"name":"web-0"},"value":"1"}', '"metricLabels":{"queue":"mail"}', '"windowSeconds":-1', '"window":1e300', '"timestamp":"0001-01-01T00:00:00Z"',
    '"value":"', '"resources":[', 'null', '[[', '__proto__', '250m', '1e999',
  ],
  check(input) {
    const text = input.toString();
    for (const read of [metricValues, externalMetricValues]) {
      for (const { value, timestampMs, windowSeconds } of orRefused(() => read(text, NOW_MS)) ?? []) {
        if (!Number.isFinite(timestampMs)) throw new Error(`a time of ${timestampMs}`);
        if (windowSeconds !== undefined) new ProtobufWriter().integer(4, windowSeconds);
        if (!Number.isFinite(value.toNumber())) throw new Error(`a value of ${value}`);
      }
    }
    orRefused(() => resourceNames(text));
    if (Object.keys(Object.prototype).length > 0) throw new Error('the prototype of all objects was changed');
  },
};

/** What is thrown is for people: it is no mistake of ours. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError || !/^[^\n]{1,500}$/.test((error as Error).message)) throw error;
    return undefined;
  }
}
