import { chart } from './chart';
import { markdown, Report } from './report';
import { sampleReport } from './sample-report';
import { percentile } from './statistics';
import { summaryTable } from './summary';

const reportOf = (...rounds: Parameters<typeof sampleReport>[1][]) => sampleReport(1000, ...rounds);

function row(report: Report, title: string): string[] {
  const line = markdown([report]).split('\n').find((one) => one.startsWith(`| ${title} |`))!;
  return line.split('|').slice(2, -1).map((cell) => cell.trim());
}

test('a row shows both servers and ours divided by the peer', () => {
  expect(row(reportOf({ peer: { podsCpuMs: 400 }, ours: { podsCpuMs: 25.04 } }), 'all pods, CPU of one request')).toEqual(['400 ms', '25 ms', '**0.063**']);
});

test('of several rounds: the median, the least and the most; ratios are taken round by round', () => {
  const report = reportOf(
    { peer: { podP50Ms: 1 }, ours: { podP50Ms: 1 } },
    { peer: { podP50Ms: 2 }, ours: { podP50Ms: 1 } },
    { peer: { podP50Ms: 4 }, ours: { podP50Ms: 1 } },
  );
  expect(row(report, 'one pod, p50')).toEqual(['2 ms (1 – 4)', '1 ms (1 – 1)', '**0.5** (0.25 – 1)']);
});

test.each(['peer', 'ours'] as const)('failed requests of %s are shown and make no ratio, whatever the other rounds say', (name) => {
  const failed = { podsP99Ms: { failed: '3 of 10: timeout' } };
  const report = reportOf({ peer: {}, ours: {} }, { peer: {}, ours: {}, [name]: failed });
  const cells = row(report, 'all pods, p99');
  expect(cells[name === 'peer' ? 0 : 1]).toBe('failed (3 of 10: timeout)');
  expect(cells[2]).toBe('');
});

test('what was not measured has no row', () => {
  const report = reportOf({ peer: {}, ours: {} });
  const { podsTableP50Ms: _, ...others } = report.rounds[0].ours!;
  expect(markdown([{ ...report, rounds: [{ ours: others, peer: {} }] }])).not.toContain('all pods, Table, p50');
});

test('a scrape is compared with what it takes at least, in the same run', () => {
  const text = markdown([reportOf({ peer: { scrapeCpuUs: 1000 }, ours: { scrapeCpuUs: 125 } })]);
  expect(text).toContain('The floor of one scrape in this run: 50 µs of CPU (30 plain TCP, 12 AES-128-GCM, 8 reading the page). '
    + 'metrics-server takes 20 times as much; ours takes 2.5 times as much.');
});

test('the 99th percentile of a few values is the greatest, of many the nearest rank', () => {
  expect(percentile([1, 2, 3], 99)).toBe(3);
  expect(percentile(Array.from({ length: 200 }, (_, i) => i + 1), 99)).toBe(198);
});

test('the chart shows ratios, the median of the rounds, and nothing of what failed', () => {
  const svg = chart([reportOf({ peer: {}, ours: { scrapeCpuMsPerMinute: 25, podP99Ms: { failed: '1 of 9: timeout' } } })]);
  expect(svg).toMatch(/CPU of scraping, per minute<\/text>\n<rect [^>]*width="95\.0"[^>]*\/>\n<text [^>]*>0\.25 \(1,000 nodes\)/);
  expect(svg).toMatch(/one pod, p99<\/text>\n<text/);
});

test('a reader is told when other programs took more than a quarter of a core', () => {
  expect(markdown([reportOf({ peer: { otherCores: 0.2 }, ours: { otherCores: 0.1 } })])).not.toContain('Other programs ran beside it');
  expect(markdown([reportOf({ peer: { otherCores: 0.2 }, ours: { otherCores: 1.2 } })])).toContain('**Other programs ran beside it: they took up to 1.2 cores.**');
});

test('the summary has a ratio for each size, and what was measured where there is none', () => {
  const [one, other] = [reportOf({ peer: {}, ours: {} }), reportOf({ peer: { podsCpuMs: { failed: '1 of 1: timeout' } }, ours: {} })];
  expect(summaryTable([one, { ...other, size: { ...other.size, nodes: 5000 } }]).split('\n')).toEqual(expect.arrayContaining([
    '| ours / metrics-server v0.9.0 | 1,000 nodes | 5,000 nodes |',
    '| all pods, CPU of one request | **0.1** | 10 ms / failed (1 of 1: timeout) |',
  ]));
});
