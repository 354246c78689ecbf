import { readFileSync } from 'fs';
import { join } from 'path';
import { parseValues } from '../../../src/cli/from-helm/values-files';

/** What sigs.k8s.io/yaml v1.4.0 makes of a text as a value and as a key; without the one that it refuses. */
interface Recorded {
  readonly text: string;
  readonly value?: unknown;
  readonly key?: string;
}

const recorded: Recorded[] = JSON.parse(readFileSync(join(__dirname, '../../golden/sigs-yaml-v1.4.0/scalars.json'), 'utf8'));

function read(text: string) {
  return parseValues({ name: 'v.yaml', text }).values;
}

describe.each(recorded)('$text', ({ text, ...expected }) => {
  test('is the value that Helm takes it for', () => {
    const value = () => read(`x: ${text}\n`).x;
    if ('value' in expected) expect(value()).toEqual(expected.value);
    else expect(value).toThrow(/^v\.yaml:1: given .*; allowed: .*; /);
  });

  test('is the key that Helm takes it for', () => {
    const key = () => Object.keys(read(`? ${text}\n: x\n`))[0];
    if (expected.key !== undefined) expect(key()).toBe(expected.key);
    else expect(key).toThrow(/^v\.yaml:1: given .*; allowed: .*; /);
  });
});
