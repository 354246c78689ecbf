import { readFileSync } from 'fs';
import { ownerOf } from './assignment';
import { failure } from './failure';
import { failuresTable, sharesTable } from './tables';

test('nodes move only from a replica that goes', () => {
  for (let node = 0; node < 1000; node++) {
    const owner = ownerOf(node, [0, 1, 2, 3]);
    if (owner !== 3) expect(ownerOf(node, [0, 1, 2])).toBe(owner);
  }
});

test('a replica has not much more nodes than others', () => {
  const owned = [0, 0, 0, 0];
  for (let node = 0; node < 20_000; node++) owned[ownerOf(node, [0, 1, 2, 3])]++;
  expect(Math.max(...owned)).toBeLessThan(5_300);
});

test('who has copies of the samples misses less when a replica ends than who has to ask for them', () => {
  const [copied, asked] = (['copied', 'asked'] as const).map((scheme) => failure(scheme, 20_000, 4, 0, 0));
  expect(copied.worstWithout).toBeLessThan(asked.worstWithout);
  expect(copied.restoredSeconds).toBeLessThan(asked.restoredSeconds);
});

test('docs/scale.md has the tables', () => {
  const page = readFileSync('docs/scale.md', 'utf8');
  expect(page).toContain(sharesTable());
  expect(page).toContain(failuresTable());
});
