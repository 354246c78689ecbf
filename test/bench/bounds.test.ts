import { BOUNDS, boundsTable, brokenInEveryRound, QUICK_BOUNDS } from './bounds';
import { FIGURES, Figures } from './figures';
import { Report } from './report';
import { everyFigure, sampleReport } from './sample-report';

const reportOf = (nodes: number, ...rounds: readonly Figures[]) => sampleReport(nodes, ...rounds.map((ours) => ({ ours })));

test('bounds are of figures that are measured', () => {
  for (const bounds of [...Object.values(BOUNDS), ...Object.values(QUICK_BOUNDS)]) {
    expect(FIGURES.map(({ key }) => key)).toEqual(expect.arrayContaining(bounds.map(({ key }) => key)));
  }
});

describe('--quick', () => {
  test('does not mention what is within its bounds, nor sizes without bounds', () => {
    expect(brokenInEveryRound(reportOf(1000, {}))).toEqual([]);
    expect(brokenInEveryRound(reportOf(77, everyFigure(1000)))).toEqual([]);
  });

  test('names a ratio above its bound with both', () => {
    expect(brokenInEveryRound(reportOf(1000, { scrapeCpuUs: 80 }))).toEqual(['1000 nodes: CPU of one scrape is 0.8 of metrics-server\'s, 0.35 at most']);
  });

  test('takes what one of two rounds keeps', () => {
    expect(brokenInEveryRound(reportOf(1000, { scrapeCpuUs: 80 }, {}))).toEqual([]);
    expect(brokenInEveryRound(reportOf(1000, { scrapeCpuUs: 80 }, { scrapeCpuUs: 60 }))).toEqual([expect.stringContaining('is 0.8 and 0.6 of')]);
  });

  test('takes nothing that could not be measured', () => {
    expect(brokenInEveryRound(reportOf(1000, { podsCpuMs: { failed: '1 of 9: timeout' } }))).toHaveLength(1);
  });
});

describe('a published run', () => {
  const row = (report: Report, start: string) => boundsTable([report]).split('\n').find((line) => line.startsWith(start));

  test.each([[10, 'met, and the aim'], [20, 'met'], [40, '**missed**']])('says whether a bound and its aim are met: %i of 100', (value, verdict) => {
    expect(row(reportOf(5000, { scrapeCpuMsPerMinute: value }), '| 5,000 | CPU of scraping, per minute |'))
      .toBe(`| 5,000 | CPU of scraping, per minute | metrics-server's | 0.25 | 0.15 | ${value / 100} | ${verdict} |`);
  });

  test('compares a scrape with the floor of the same run', () => {
    expect(row(reportOf(5000, { scrapeCpuUs: 200 }), '| 5,000 | CPU of one scrape |')).toBe('| 5,000 | CPU of one scrape | the floor | 3 |  | 4 | **missed** |');
  });

  test('may miss no cycle at 10,000 nodes', () => {
    expect(row(reportOf(10_000, { missedCycles: 0 }), '| 10,000')).toMatch(/ 0 \| met \|$/);
    expect(row(reportOf(10_000, { missedCycles: 1 }), '| 10,000')).toMatch(/ 1 \| \*\*missed\*\* \|$/);
  });

  test('makes no ratio of what failed', () => {
    expect(row(reportOf(5000, { podsCpuMs: { failed: '1 of 9: timeout' } }), '| 5,000 | all pods, CPU')).toMatch(/\| {2}\| not measured, or failed \|$/);
  });
});
