import { yamlEncoder } from '../../../../src/runtime/server/encoding/yaml';
import { StatusError } from '../../../../src/runtime/server/status';

async function yaml(value: unknown): Promise<string> {
  return [...(await yamlEncoder())({ head: JSON.stringify(value) })].join('');
}

/** As metrics-server v0.9.0 answered. */
test('lines are broken and texts quoted as Go does', async () => {
  const message = 'pods.metrics.k8s.io "redis-kdkbjfv7n-qct5n" is forbidden: User "nobody" cannot get resource "pods" in API group "metrics.k8s.io" in the namespace "data"';
  expect(await yaml(new StatusError(403, 'Forbidden', message))).toBe(`apiVersion: v1
code: 403
kind: Status
message: 'pods.metrics.k8s.io "redis-kdkbjfv7n-qct5n" is forbidden: User "nobody"
  cannot get resource "pods" in API group "metrics.k8s.io" in the namespace "data"'
metadata: {}
reason: Forbidden
status: Failure
`);
  expect(await yaml({ message: "found '=', expected: ',' or 'end of string'" })).toBe("message: 'found ''='', expected: '','' or ''end of string'''\n");
  expect(await yaml({ message: 'invalid escape sequence: \\x' })).toBe("message: 'invalid escape sequence: \\x'\n");
  expect(await yaml({ name: 'jane ' })).toBe("name: 'jane '\n");
  expect(await yaml({ causes: [{ message: 'Forbidden: for list' }], usage: { swap: '0' } })).toBe("causes:\n- message: 'Forbidden: for list'\nusage:\n  swap: \"0\"\n");
});

test('a text of many words, which a path may be, is folded at once and not word by word', async () => {
  const message = 'word - '.repeat(100_000).trim();
  const text = await yaml({ message });
  expect(text.split('\n').every((line) => line.length <= 90)).toBe(true);
  expect(text.slice('message: '.length).replaceAll(/\n */g, ' ').trim()).toBe(message);
});

test('what is read again is what was said', async () => {
  const { parse } = await import('yaml');
  for (const message of ["it's", '"', 'a  b '.repeat(40), `${'long '.repeat(60)}it's "so"`, '\n', '1', '', 'a: \\b', 'a # "b"', 'a: \t\u0001', "'".repeat(200)]) {
    expect(parse(await yaml({ message }))).toEqual({ message });
  }
});
