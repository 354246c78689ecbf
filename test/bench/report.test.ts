import { chart } from './chart';
import { FIGURES, Figures } from './figures';
import { markdown, Report, SizeResult } from './report';
import { percentile } from './statistics';

/** A run at one size in which every figure is the same, but for those that are given by round. */
function reportOf(...rounds: readonly { readonly peer: Figures; readonly ours: Figures }[]): Report {
  const all = (value: number, figures: Figures): Figures => ({ ...Object.fromEntries(FIGURES.map(({ key }) => [key, value])), ...figures });
  const size: SizeResult = {
    size: { nodes: 1000, pods: 30, containers: 2 },
    floor: { transportUs: 30, decryptUs: 12, parseUs: 8 },
    rounds: rounds.map(({ peer, ours }) => ({ peer: all(100, peer), ours: all(10, ours) })),
  };
  return {
    date: '2026-11-21T10:00:00.000Z',
    machine: { processor: 'Some CPU', cores: 4, memoryBytes: 16 * 2 ** 30, kernel: '6.12.0', loadAverage: 0.1 },
    versions: { commit: 'abc', node: 'v24.0.0', peer: 'v0.9.0', peerGo: 'go1.26.0', kubernetes: 'v1.34.4' },
    options: { rounds: rounds.length, windowSeconds: 60, quick: false },
    sizes: [size],
  };
}

function row(report: Report, title: string): string[] {
  const line = markdown(report).split('\n').find((one) => one.startsWith(`| ${title} |`))!;
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
  const { podsTableP50Ms: _, ...others } = report.sizes[0].rounds[0].ours!;
  const [size] = report.sizes;
  expect(markdown({ ...report, sizes: [{ ...size, rounds: [{ ours: others, peer: {} }] }] })).not.toContain('all pods, Table, p50');
});

test('a scrape is compared with what it takes at least, in the same run', () => {
  const text = markdown(reportOf({ peer: { scrapeCpuUs: 1000 }, ours: { scrapeCpuUs: 125 } }));
  expect(text).toContain('The floor of one scrape in this run: 50 µs of CPU (30 plain TCP, 12 AES-128-GCM, 8 reading the page). '
    + 'metrics-server takes 20 times as much; ours takes 2.5 times as much.');
});

test('the 99th percentile of a few values is the greatest, of many the nearest rank', () => {
  expect(percentile([1, 2, 3], 99)).toBe(3);
  expect(percentile(Array.from({ length: 200 }, (_, i) => i + 1), 99)).toBe(198);
});

test('the chart shows ratios, the median of the rounds, and nothing of what failed', () => {
  const svg = chart(reportOf({ peer: {}, ours: { scrapeCpuUs: 25, podP50Ms: { failed: '1 of 9: timeout' } } }));
  expect(svg).toMatch(/CPU of one scrape<\/text>\n<rect [^>]*width="95\.0"[^>]*\/>\n<text [^>]*>0\.25 \(1,000 nodes\)/);
  expect(svg).toMatch(/one pod, p50<\/text>\n<text/);
});
