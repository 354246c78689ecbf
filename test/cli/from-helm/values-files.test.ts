import { parseValues } from '../../../src/cli/from-helm/values-files';
import { runCli } from '../run-cli';

/** The program of values that are text, and what is said of them. */
function fromHelm(text: string) {
  return runCli(['from-helm', 'v.yaml'], { 'v.yaml': text });
}

describe('text without quotes', () => {
  test.each(['22:30', '10:30:00', '1:2:3.5', '190:20:30', '.', '-.', '+.', '.e5', '2024-01-15', '2024-05-01T10:00:00Z'])('%s stays text in an annotation', (text) => {
    const { code, out } = fromHelm(`podAnnotations:\n  backup.example.com/window: ${text}\n`);

    expect(code).toBe(0);
    expect(out).toContain(`podAnnotations: { 'backup.example.com/window': '${text}' },`);
  });

  test('may be base64 with its tag, as Helm has it', () => {
    expect(fromHelm('podAnnotations: { a: !!binary aGVsbG8=, b: !!binary }\n').out).toContain('podAnnotations: { a: \'hello\', b: \'\' },');
  });
});

describe('values that say nothing', () => {
  const standard = fromHelm('').out;

  test.each(['null\n', '~\n', '!!null null\n', '{}\n', '# nothing\n', '---\n', '---\nnull\n---\n'])('%j, as of a release without values, are the chart\'s defaults', (text) => {
    expect(fromHelm(text)).toMatchObject({ code: 0, errors: [], out: standard });
  });

  test('suit their tag', () => {
    expect(fromHelm('# nothing\n!!null x\n')).toMatchObject({ code: 2, errors: ['v.yaml:2: given "x" with a tag; allowed: !!null before text that is one; take the tag away'] });
  });

  test('are not text, a number or a list', () => {
    for (const text of ['\'\'', '0', '[]']) expect(fromHelm(text)).toMatchObject({ code: 2, errors: ['v.yaml:1: values are a map, such as replicas: 2'] });
  });
});

describe('a document', () => {
  const values = fromHelm('replicas: 2\n').out;

  test.each(['---\nreplicas: 2\n', 'replicas: 2\n---\n', 'replicas: 2\n--- # the end\n...\n', 'replicas: 2\n...\n', 'replicas: 2\n---\n---\n# no more\n'])('%j is one', (text) => {
    expect(fromHelm(text)).toMatchObject({ code: 0, errors: [], out: values });
  });

  test.each([['replicas: 1\n---\nreplicas: 2\n', 3], ['---\n---\nreplicas: 2\n', 3]])('behind another is refused: %j', (text, line) => {
    expect(fromHelm(text)).toMatchObject({
      code: 2, out: '', errors: [`v.yaml:${line}: given a second document behind ---; allowed: one, since Helm reads the first alone; put the other in a file of its own`],
    });
  });
});

describe('a key', () => {
  test.each([
    ['replicas: 1\nreplicas: 2\n', 2, 'replicas'],
    ['podLabels:\n  yes: a\n  "true": b\n', 3, 'true'],
    ['podLabels: { a: b, 010: c,\n  8: d }\n', 2, '8'],
  ])('that stands twice is refused, however it is written: %j', (text, line, key) => {
    expect(fromHelm(text)).toMatchObject({
      code: 2, out: '', errors: [`v.yaml:${line}: given ${key} twice in one map; allowed: each key once; take one away, the first if Helm is to go on as it did`],
    });
  });

  test.each([
    ['image:\n  tag: {{ .Values.tag }}\n', 2, 'a map or a list'],
    ['podLabels:\n  null: a\n', 2, 'null'],
  ])('that is no text is refused: %j', (text, line, given) => {
    expect(fromHelm(text)).toMatchObject({ code: 2, out: '', errors: [expect.stringContaining(`v.yaml:${line}: given ${given} for a key; allowed: text; put `)] });
  });

  test('may merge maps, more than once', () => {
    const { values } = parseValues({ name: 'v.yaml', text: 'a: &a { yes: 1 }\nb: &b { 2: 22:30 }\nc: { <<: *a, <<: *b, d: 3 }\n' });

    expect(values.c).toEqual({ true: 1, 2: '22:30', d: 3 });
  });
});

test('a place is found by a key as Helm has it', () => {
  expect(parseValues({ name: 'v.yaml', text: 'podLabels:\n  a: b\n  yes: c\n' }).locate(['podLabels', 'true'])).toBe('v.yaml:3');
});
