import { JsonPath } from '../../../src/runtime/json-path/json-path';
import { JsonRules, jsonSamples } from '../../../src/runtime/metric-sources/json-samples';
import { FuzzTarget } from '../target';

const path = (text: string) => new JsonPath(text);
const RULES: readonly JsonRules[] = [
  { value: path('{.depth}'), labels: [] },
  { items: path('{.queues[*]}'), value: path('{.depth}'), labels: [['queue', path('{.name}')]], absent: 0 },
  { items: path('{[*]}'), value: path('{[*]}'), labels: [['__proto__', path('{.name}')]] },
];

/** A JSON document of an application. */
export const jsonSamplesOfDocuments: FuzzTarget = {
  name: 'json-samples',
  words: ['{"queues":[', ']}', '{"name":"mail","depth":3}', '"depth":', '"name":', '"250m"', '"1e999"', '"0.1"', 'true', 'null', '1e999', '[[', '"__proto__":{}', '\\ud800', ','],
  check(input) {
    let document: unknown;
    try {
      document = JSON.parse(input.toString());
    } catch {
      return;
    }
    for (const rules of RULES) {
      for (const { labels, value } of orRefused(() => jsonSamples(document, rules, 0, { pod: 'web-0' })) ?? []) {
        if (typeof value !== 'number' || labels.pod !== 'web-0') throw new Error(`a sample ${JSON.stringify({ labels, value })}`);
      }
    }
    if (Object.keys(Object.prototype).length > 0) throw new Error('the prototype of all objects was changed');
  },
};

function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!/^it has .{1,200}$/.test((error as Error).message)) throw error;
    return undefined;
  }
}
