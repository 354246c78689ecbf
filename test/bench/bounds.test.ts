import { BOUNDS, brokenBounds } from './bounds';
import { FIGURES, Figures } from './figures';
import { SizeResult } from './report';

const all = (value: number): Figures => Object.fromEntries(FIGURES.map(({ key }) => [key, value]));

function result(nodes: number, ...rounds: readonly Figures[]): SizeResult {
  return {
    size: { nodes, pods: 30, containers: 2 },
    floor: { transportUs: 30, decryptUs: 12, parseUs: 8 },
    rounds: rounds.map((ours) => ({ peer: all(100), ours: { ...all(10), ...ours } })),
  };
}

test('bounds are of figures that are measured', () => {
  for (const bounds of Object.values(BOUNDS)) expect(FIGURES.map(({ key }) => key)).toEqual(expect.arrayContaining(Object.keys(bounds)));
});

test('what is within its bounds is not mentioned, nor are sizes without bounds', () => {
  expect(brokenBounds(result(1000, {}))).toEqual([]);
  expect(brokenBounds(result(77, all(1000)))).toEqual([]);
});

test('a ratio above its bound is named with both', () => {
  expect(brokenBounds(result(1000, { scrapeCpuUs: 80 }))).toEqual(['1000 nodes: CPU of one scrape is 0.80 of metrics-server\'s, 0.25 at most']);
});

test('of several rounds the median counts', () => {
  expect(brokenBounds(result(1000, { scrapeCpuUs: 80 }, {}, {}))).toEqual([]);
});

test('a figure that could not be measured keeps no bound', () => {
  expect(brokenBounds(result(1000, { podsCpuMs: { failed: '1 of 9: timeout' } }))).toHaveLength(1);
});
