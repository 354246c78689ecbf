import * as fs from 'node:fs';
import * as path from 'node:path';
import { FAULTS } from './faults';
import { faultsPage } from './faults-page';
import { matches } from './rehearsal';

const PAGE = path.join(__dirname, '..', '..', 'docs', 'faults.md');
const faults = Object.values(FAULTS).flat();

test('docs/faults.md is as it is generated', () => {
  // Written by hand only: UPDATE_GOLDEN=1 npx jest test/faults
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(PAGE, faultsPage());
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(faultsPage());
});

test('has each fault once', () => {
  const rows = faultsPage().split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what goes wrong '));
  expect(rows.map((row) => row.split(' | ')[0].slice(2)).sort()).toEqual(faults.map(({ name }) => name).sort());
});

test('says of faults that are alike only what each of them is to show', () => {
  const [, common, table] = /\n- served: ([\s\S]*?)\n\n([\s\S]*?)\n\n/.exec(faultsPage().slice(faultsPage().indexOf('## Kubelets')))!;
  const alike = [...table.matchAll(/^\| (.*) \| `(.*)` \|$/gm)].map(([, name, reason]) => ({ fault: faults.find((one) => one.name === name)!, reason }));

  expect(alike.length).toBeGreaterThan(10);
  for (const { fault: { served, logged, loggedAfterwards = [], counted }, reason } of alike) {
    const claims = [...served.map(({ says }) => says), ...logged, ...loggedAfterwards, ...counted];
    const text = common.replaceAll('REASON', reason);
    for (const claim of claims) expect(text).toContain(claim);
    expect(text.split(/; |\n/)).toHaveLength(claims.length);
  }
});

test('each has a name of its own, and something to show for', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.filter(({ served }) => served.length === 0)).toEqual([]);
});

test('a line of the log is compared piece by piece, in order', () => {
  expect(matches('W "Failed" node="a" reason="x"', 'W "Failed" … reason="x"')).toBe(true);
  expect(matches('W "Failed" reason="x" node="a"', 'W "Failed" node="a" … reason="x"')).toBe(false);
});
