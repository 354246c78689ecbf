import * as fc from 'fast-check';
import { FormulaSyntaxError, parseFormula } from '../../../../src/_facts/formula';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { Sample } from '../../../../src/runtime/prometheus/samples';
import { askOnce } from '../declared-source';

const sample = (value: number, labels: Record<string, string> = {}, timestampMs = 0): Sample => ({ labels, value, timestampMs });

describe('a formula', () => {
  const values: Record<string, readonly Sample[]> = {};

  /** The metrics that it names are declared beside it. */
  async function ask(formula: string, others = '', timeMs = 100) {
    const metrics = Object.keys(values).map((name) => `- {name: ${name}, query: up}`).join('\n');
    const text = `sources: [{name: a, url: "http://a"}]\nmetrics:\n- {name: result, formula: '${formula.replaceAll("'", "''")}'${others}}\n${metrics}`;
    const [metric] = (await readConfiguration('config.yaml', text)).metrics;
    const open = { samplesOf: async (name: string) => values[name] };
    const source = metric.origin.open(metric, { ...open } as any);
    return askOnce(source, timeMs);
  }

  test.each([
    ['queue', 7], ['queue / 2', 3.5], ['1 + 2 * 3 - 4 / 2', 5], ['(1 + 2) * 3', 9], ['8 / 4 / 2', 1], ['5 - 2 - 1', 2], ['--2', 2], ['-queue + 10', 3],
    ['max(queue, 10)', 10], ['min(queue, 10, 3)', 3], ['queue{q="mail"}', 3], ['queue{q!="mail"} - 1', 3], ['1.5e2 + .5', 150.5], ["'my-metric' * 2", 4], ['max_age', 9],
  ])('%s is %d', async (formula, result) => {
    Object.assign(values, { 'queue': [sample(3, { q: 'mail' }), sample(4, { q: 'web' })], 'my-metric': [sample(2)], 'max_age': [sample(9)] });
    expect((await ask(formula)).samples.map(({ value }) => value)).toEqual([result]);
  });

  test('has a value for each object of those that all metrics have', async () => {
    const of = (pod: string) => ({ namespace: 'shop', pod });
    Object.assign(values, {
      requests: [sample(10, { ...of('a'), code: '200' }, 50), sample(2, { ...of('a'), code: '500' }, 40), sample(6, of('b'), 50), sample(1, of('c'), 50)],
      workers: [sample(3, of('a'), 60), sample(2, of('b'), 30)],
      factor: [sample(2, {}, 90)],
    });
    const { samples, exchanges } = await ask('factor * requests / workers', ', object: {resource: pods, nameLabel: pod}, namespaceLabel: namespace');
    expect(samples).toEqual([sample(8, of('a'), 40), sample(6, of('b'), 30)]);
    expect(exchanges.map(({ source, asked }) => [source, asked])).toEqual([['metric factor', 'factor'], ['metric requests', 'requests'], ['metric workers', 'workers']]);
  });

  test('of a metric that has no value has none', async () => {
    Object.assign(values, { queue: [], factor: [sample(2)] });
    expect((await ask('queue * factor')).samples).toEqual([]);
  });

  test('of numbers alone is of now', async () => {
    expect((await ask('2 * 3')).samples).toEqual([sample(6, {}, 100)]);
  });
});

const refusal = (metrics: string) => readConfiguration('c.yaml', `sources: [{name: a, url: "http://a"}]\nmetrics:\n${metrics}`).then(() => 'taken', ({ message }) => message);

test.each([
  ['', 1, 'there is the end, where a formula has a number, a metric, ( or -'],
  ['1 +', 4, 'there is the end, where a formula has a number, a metric, ( or -'],
  ['1 2', 3, 'there is "2", where a formula has an operator or nothing'],
  ['(1', 3, 'there is the end, where a formula has an operator or )'],
  ['min(1', 6, 'there is the end, where a formula has an operator or )'],
  ['a{b}', 4, 'there is "}", where a selector has =, !=, =~ or !~'],
  ['1 % 2', 3, 'there is "%", where a formula has an operator or nothing'],
  ['2 * gone', 5, 'there is no metric gone; declare it among metrics'],
  ['1 + f', 5, 'f is made of f'],
])('%s is refused at character %i', async (text, character, problem) => {
  expect(await refusal(`- {name: f, formula: '${text}'}`)).toBe(`c.yaml:3: metrics[0].formula is ${JSON.stringify(text)}, a formula that cannot be used, at character ${character}: ${problem}`);
});

test('formulas that are made of one another are refused, those that share a part are not', async () => {
  expect(await refusal('- {name: a, formula: b + 1}\n- {name: b, formula: c + 1}\n- {name: c, formula: 2 * a}')).toContain('c.yaml:5: metrics[2].formula is "2 * a"');
  expect(await refusal('- {name: a, formula: b + c}\n- {name: b, formula: c + 1}\n- {name: c, query: up}')).toBe('taken');
});

test('what is made of metrics for some namespaces is for those that all of them are for', async () => {
  const declared = (formula: string) => readConfiguration('config.yaml', `
sources: [{name: a, url: "http://a"}]
metrics:
- {name: result, ${formula}}
- {name: between, formula: mails + web}
- {name: mails, query: up, namespaces: [shop, mails]}
- {name: web, query: up, namespaces: [shop, web]}
- {name: all, query: up}
`);
  const namespaces = async (formula: string) => (await declared(formula)).metrics[0].namespaces;
  expect(await namespaces('formula: all + mails')).toEqual(['shop', 'mails']);
  expect(await namespaces('formula: all * between')).toEqual(['shop']);
  expect(await namespaces('formula: all')).toBeUndefined();
  expect(await namespaces('formula: mails, namespaces: [other]')).toEqual(['other']);
  await expect(declared("formula: 'all + mails', object: {resource: nodes, nameLabel: node}")).rejects.toThrow(
    'at character 7: mails is for shop, mails alone, and a metric of objects is for all namespaces',
  );
});

test('a name that two metrics have is refused', async () => {
  const two = '- {name: a, query: up}\n- {name: a, query: up, object: {resource: nodes, nameLabel: node}}';
  expect(await refusal(`${two}\n- {name: b, formula: a}`)).toContain('there are 2 metrics named a; give them names of their own');
});

test('arithmetic is that of JavaScript, whatever the formula', () => {
  const number = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => (value.toString().includes('e') ? '1' : String(value)));
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof({ maxDepth: 5 }, number, number,
      fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree')).map((parts) => parts.join(' ')),
      tie('tree').map((inner) => `(${inner})`),
      tie('tree').map((inner) => `- ${inner}`),
      fc.tuple(fc.constantFrom('min', 'max'), tie('tree'), tie('tree')).map(([name, a, b]) => `${name}(${a}, ${b})`)),
  }));
  fc.assert(fc.property(tree, (text) => {
    const expected = new Function(`return ${text.replace(/min|max/g, 'Math.$&')}`)();
    expect(parseFormula(text).evaluate(() => 0)).toBe(expected);
  }), { numRuns: 1000 });
});

test('any text is read or refused at a place in it', () => {
  const pieces = fc.array(fc.constantFrom('1', 'a', '+', '-', '*', '/', '(', ')', ',', 'min(', '{', '}', 'b="c"', ' ', '\''), { maxLength: 15 });
  fc.assert(fc.property(pieces.map((all) => all.join('')), (text) => {
    try {
      parseFormula(text).evaluate(() => 1);
    } catch (error) {
      expect(error).toBeInstanceOf(FormulaSyntaxError);
      expect((error as FormulaSyntaxError).offset).toBeLessThanOrEqual(text.length);
    }
  }), { numRuns: 2000 });
});

test('nesting has bounds', () => {
  expect(() => parseFormula(`${'('.repeat(60)}1${')'.repeat(60)}`)).toThrow('it is nested more than 50 deep');
});
