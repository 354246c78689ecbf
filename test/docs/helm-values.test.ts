import * as fs from 'fs';
import * as path from 'path';
import { helmValuesPage } from './helm-values';
import { TRAPS } from '../../src/cli/from-helm/traps';
import { RULES } from '../../src/rules/_rules';
import { chartLeaves } from '../cli/from-helm/chart-values';

const PAGE = path.join(__dirname, '..', '..', 'docs', 'helm-values.md');

describe('docs/helm-values.md', () => {
  test('is as it is generated', () => {
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/docs
    if (process.env.UPDATE_GOLDEN) fs.writeFileSync(PAGE, helmValuesPage());
    expect(fs.readFileSync(PAGE, 'utf8')).toBe(helmValuesPage());
  });

  test('has no empty cell', () => {
    const rows = helmValuesPage().split('\n').filter((line) => line.startsWith('| ') && !line.includes('default of the chart'));
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(row).not.toMatch(/\|\s*\|/);
  });

  test('has every leaf of the chart\'s values once, each with its default', () => {
    const [table] = helmValuesPage().split('## Traps');
    const cells = [...table.matchAll(/^\| (`.*?) \| (.*?) \| /gm)].map(([, names, defaults]) => [names, defaults].map((cell) => cell.split('<br>')));
    const leaves = cells.flatMap(([names]) => names.map((name) => /`(.*?)`/.exec(name)![1]));

    expect(leaves).toEqual([...chartLeaves().keys()]);
    for (const [names, defaults] of cells) expect(defaults).toHaveLength(names.length);
  });

  test('names rules that there are', () => {
    const rules = RULES.map(({ id }) => id);
    expect(TRAPS.flatMap((trap) => trap.rules).filter((id) => !rules.includes(id))).toEqual([]);
  });
});
