import { explore } from './explore';

const limits = { seed: 1, durationMs: 20_000 };
const corpus = [Buffer.from('server: https://10.0.0.1\n'), Buffer.from('token: abc\n')];

test('finds what a change of the corpus does, and makes it small', async () => {
  const tried: Buffer[] = [];
  const check = (input: Buffer) => {
    if (input.includes('token') && input.includes('https')) throw new Error('both');
  };
  const { inputs, finding } = await explore({ name: 'x', words: [], check }, corpus, limits, (input) => tried.push(input));
  expect(finding?.problem).toContain('both');
  expect(Buffer.from(finding!.input).toString()).toMatch(/https.*token|token.*https/s);
  expect(tried).toHaveLength(inputs);
  expect(tried.slice(0, 2)).toEqual(corpus);
});

test('uses the words of a target', async () => {
  const check = (input: Buffer) => {
    if (input.includes('exec:')) throw new Error('exec');
  };
  expect((await explore({ name: 'x', words: ['exec:'], check }, corpus, limits, () => {})).finding?.problem).toContain('exec');
});

test('ends when the time is up', async () => {
  const { inputs, finding } = await explore({ name: 'x', words: [], check: () => {} }, corpus, { seed: 1, durationMs: 100 }, () => {});
  expect(finding).toBeUndefined();
  expect(inputs).toBeGreaterThan(corpus.length);
});
