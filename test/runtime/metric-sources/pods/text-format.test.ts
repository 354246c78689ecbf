import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import * as fc from 'fast-check';
import { selectedSeries } from './selected-series';
import { parseSeriesSelector } from '../../../../src/_facts/series-selector';
import { SeriesReader } from '../../../../src/runtime/metric-sources/pods/series-reader';

const read = (selector: string, page: string) => selectedSeries(page, parseSeriesSelector(selector));

test.each([
  ['jobs', 'jobs 3', { labels: {}, value: 3, isCounter: undefined }],
  ['jobs', 'jobs 3 1700000000000\n', { labels: {}, value: 3, isCounter: undefined }],
  ['jobs', 'jobs{a="b",c="d",} -1.5e3\n', { labels: { a: 'b', c: 'd' }, value: -1500, isCounter: undefined }],
  ['jobs', 'jobs{ a = "b" , c="d" }\t3', { labels: { a: 'b', c: 'd' }, value: 3, isCounter: undefined }],
  ['jobs', 'jobs{a="\\"\\\\\\n}"} +Inf', { labels: { a: '"\\\n}' }, value: Infinity, isCounter: undefined }],
  ['jobs', 'jobs NaN', { labels: {}, value: NaN, isCounter: undefined }],
  ['jobs', '# HELP jobs of any kind\n# TYPE jobs gauge\njobs_total 1\njobs 3', { labels: {}, value: 3, isCounter: false }],
  ['jobs_total', '# TYPE jobs_total counter\njobs_total 3\r\n', { labels: {}, value: 3, isCounter: true }],
  ['jobs_total', '# TYPE jobs counter\njobs_total{a="b"} 3 # {trace_id="x"} 0.5\n# EOF', { labels: { a: 'b' }, value: 3, isCounter: true }],
  ['lag_bucket', '# TYPE lag histogram\nlag_bucket{le="1"} 3', { labels: { le: '1' }, value: 3, isCounter: true }],
  ['lag', '# TYPE lag summary\nlag{quantile="0.9"} 3', { labels: { quantile: '0.9' }, value: 3, isCounter: false }],
  ['lag_count', '# TYPE lag_count gauge\nlag_count 3', { labels: {}, value: 3, isCounter: false }],
  ['jobs{a=~"b.*",c!="d",e=""}', 'jobs{a="bad",c="d"} 1\njobs{a="bad"} 2\njobs{a="bad",e="f"} 3', { labels: { a: 'bad' }, value: 2, isCounter: undefined }],
])('%s of %j is %j', (selector, page, series) => {
  expect(read(selector, page)).toEqual([series]);
});

test.each([
  ['jobs{a="b" 3', 'line 1 is not of the text format: its labels do not end'],
  ['other 1\njobs{a="b"}', 'line 2 is not of the text format: it has no value'],
  ['jobs many', 'line 1 is not of the text format: it has no value'],
  [`jobs{a="${'b'.repeat(4097)}"} 1`, 'line 1 has a label of more than 4096 characters'],
  [`jobs{${'a'.repeat(4097)}="b"} 1`, 'line 1 has a label of more than 4096 characters'],
  [`jobs{a="${'b'.repeat(65_536)}"} 1`, 'line 1 has more than 65536 characters'],
  [`jobs{a="${'b'.repeat(4000)}"} 1\n`.repeat(150), 'it has more than 524288 characters of jobs; have the pods say less'],
  [Array.from({ length: 1001 }, (_, i) => `jobs{a="${i}"} 1`).join('\n'), 'it has more than 1000 series of jobs; choose fewer by their labels'],
])('%.30s is refused', (page, message) => {
  expect(() => read('jobs', page)).toThrow(message);
});

test('a page is the same in whatever pieces it arrives', () => {
  const page = Buffer.from(`# TYPE jobs counter\njobs{a="ü€😀"} 1\n${'x'.repeat(70_000)} 1\njobs{a="b"} 2\r\njobs 3`);
  const whole = selectedSeries(page, parseSeriesSelector('jobs'));
  expect(whole.map(({ labels: { a }, value, isCounter }) => [a, value, isCounter])).toEqual([['ü€😀', 1, true], ['b', 2, true], [undefined, 3, true]]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), (pieceBytes) => {
    expect(selectedSeries(page, parseSeriesSelector('jobs'), pieceBytes)).toEqual(whole);
  }), { numRuns: 30 });
  expect(() => selectedSeries(`other 1\njobs{a="${'b'.repeat(70_000)}`, parseSeriesSelector('jobs'), 1000)).toThrow('line 2 has more than 65536 characters');
});

test('one selector fails without the others', () => {
  const onLine = () => { throw new Error('enough'); };
  const selectors = ['jobs', 'jobs{a="b"}', 'other'].map(parseSeriesSelector);
  const reader = new SeriesReader([{ selector: selectors[0], onLine }, { selector: selectors[1] }, { selector: selectors[2] }]);
  reader.push(Buffer.from('jobs{a="b"} 1\njobs{a="c"} 2\nother many\n'));
  expect(reader.end()).toEqual([
    new Error('enough'), [{ labels: { a: 'b' }, value: 1, isCounter: undefined }], new Error('line 3 is not of the text format: it has no value'),
  ]);
});

test('what is read of a page does not keep the page', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const heapBytes = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const pageBytes = 512 * 1024;
  const before = heapBytes();
  const kept = Array.from({ length: 40 }, (_, i) => (
    read('jobs', Buffer.from(`jobs{queue="a-name-of-a-queue-${i}"} 1\n`.padEnd(pageBytes, '# a comment\n')).toString())
  ));
  expect(heapBytes() - before).toBeLessThan(10 * pageBytes);
  expect(kept).toHaveLength(40);
});

/** As Go's `strconv.FormatFloat` writes what JavaScript writes in another way. */
function asWritten(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return String(value).replace(/^(-?)Infinity$/, (_, sign: string) => `${sign || '+'}Inf`);
}

test('whatever labels and values an exporter writes are read back, among whatever else is on the page', () => {
  const label = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);
  const escaped = (text: string) => text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
  const series = fc.record({ labels: fc.dictionary(label, fc.string(), { maxKeys: 3, noNullPrototype: true }), value: fc.double({ noNaN: true }) });
  fc.assert(fc.property(fc.array(series), (all) => {
    const lines = all.map(({ labels, value }) => (
      `jobs{${Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`).join(',')}} ${asWritten(value)}`
    ));
    const page = lines.flatMap((line, i) => [`jobs_of_others{i="${i}"} 1`, line, '# a comment', '']).join('\n');
    expect(read('jobs', page).map(({ labels, value }) => ({ labels, value }))).toEqual(all);
  }));
});

test('any text is read or refused', () => {
  const pieces = fc.array(fc.constantFrom('jobs', '{', '}', 'a="b"', ',', ' ', '1', '\n', '# TYPE jobs ', '"', '\\', '='), { maxLength: 20 });
  fc.assert(fc.property(pieces.map((all) => all.join('')), (page) => {
    try {
      expect(Array.isArray(read('jobs', page))).toBe(true);
    } catch (error) {
      expect((error as Error).message).toMatch(/^line \d+ is not of the text format: /);
    }
  }), { numRuns: 2000 });
});
