import { readFileSync } from 'fs';
import { join } from 'path';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
const guide = read('CONTRIBUTING.md');

test('CONTRIBUTING.md lists the stages of .ci/run in their order', () => {
  const [, stages] = / stages=\((packages .*)\)/.exec(read('.ci/run'))!;
  const table = guide.slice(guide.indexOf('| stage |'));

  expect([...table.matchAll(/^\| (\w+) \| .* \| \d+ \/ \d+ min \|$/gm)].map(([, stage]) => stage)).toEqual(stages.split(' '));
});

test('CONTRIBUTING.md names tasks that there are', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...guide.matchAll(/npm run ([\w:-]+)/g)].map(([, task]) => task);

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((task) => !(task in scripts))).toEqual([]);
});
