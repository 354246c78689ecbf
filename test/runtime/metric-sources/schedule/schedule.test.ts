import * as fc from 'fast-check';
import { CronExpression, CronSyntaxError } from '../../../../src/_facts/cron';
import { SampleSource } from '../../../../src/runtime/metric-sources/sample-source';
import { askOnce, declaredSource, refusalOf } from '../declared-source';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const at = async (source: SampleSource, time: string) => (await askOnce(source, Date.parse(time))).samples.map(({ value }) => value);

test.each([
  ['2026-11-20T06:59:59Z', 1], ['2026-11-20T07:00:00Z', 10], ['2026-11-20T16:59:59Z', 10], ['2026-11-20T17:00:00Z', 1],
  ['2026-11-21T12:00:00Z', 1], ['2026-07-20T06:00:00Z', 10], ['2026-07-20T05:59:00Z', 1],
])('working hours in Berlin: at %s the value is %d', async (time, value) => {
  const source = await declaredSource("schedule: {timeZone: Europe/Berlin, outside: 1, windows: [{start: '0 8 * * mon-fri', end: '0 18 * * mon-fri', value: 10}]}");
  expect(await at(source, time)).toEqual([value]);
});

test('of windows that are open together the first counts; a window may pass midnight', async () => {
  const windows = "[{start: '0 22 * * *', end: '0 6 * * *', value: 2}, {start: '0 5 * * *', end: '0 8 * * *', value: 3}]";
  const source = await declaredSource(`schedule: {windows: ${windows}}`);
  expect(await Promise.all(['23:00', '03:00', '05:30', '06:30', '09:00'].map((time) => at(source, `2026-11-20T${time}:00Z`)))).toEqual([[2], [2], [2], [3], [0]]);
});

test('says which window is open', async () => {
  const source = await declaredSource("schedule: {timeZone: Asia/Kolkata, windows: [{start: '0 8 * * *', end: '0 18 * * *', value: 10}]}");
  expect((await askOnce(source, Date.parse('2026-11-20T06:00:00Z'))).exchanges).toEqual([
    { source: 'schedule', asked: 'schedule: 0 8 * * * to 0 18 * * * (Asia/Kolkata)', answer: 'at 2026-11-20T11:30: 0 8 * * * to 0 18 * * * is open' },
  ]);
});

test('what would begin in the hour that is left out begins as it is left out, and what was in the hour that comes twice does not come twice', async () => {
  const source = await declaredSource("schedule: {timeZone: Europe/Berlin, windows: [{start: '30 2 * * *', end: '0 4 * * *', value: 1}]}");
  // At 01:00 UTC clocks go from 02:00 to 03:00.
  expect(await at(source, '2026-03-29T00:59:00Z')).toEqual([0]);
  expect(await at(source, '2026-03-29T01:00:00Z')).toEqual([1]);
  // At 01:00 UTC clocks go from 03:00 back to 02:00.
  expect(await at(source, '2026-10-25T00:29:00Z')).toEqual([0]);
  expect(await at(source, '2026-10-25T00:30:00Z')).toEqual([1]);
  expect(await at(source, '2026-10-25T01:10:00Z')).toEqual([1]);
  const short = await declaredSource("schedule: {timeZone: Europe/Berlin, windows: [{start: '0 2 * * *', end: '30 2 * * *', value: 1}]}");
  expect(await at(short, '2026-10-25T00:10:00Z')).toEqual([1]);
  expect(await at(short, '2026-10-25T01:10:00Z')).toEqual([0]);
});

/** A clock that is watched minute by minute: what it has not shown before, comes. */
describe.each([
  ['Europe/Berlin', '2026-03-29'], ['Europe/Berlin', '2026-10-25'], ['America/New_York', '2026-11-01'], ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'], ['America/Santiago', '2026-09-06'], ['Asia/Kolkata', '2026-03-29'],
])('in %s around %s', (timeZone, day) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const firstMs = Date.parse(`${day}T00:00:00Z`) - 36 * HOUR_MS;
  const shown = Array.from({ length: 72 * 60 }, (_, minute) => Date.parse(`${format.format(firstMs + minute * MINUTE_MS).replace(' ', 'T')}Z`));
  const time = fc.record({
    minute: fc.constantFrom(0, 15, 30, 59),
    hours: fc.uniqueArray(fc.oneof(fc.nat(4), fc.nat(23)), { minLength: 1, maxLength: 3 }),
  });
  type Time = typeof time extends fc.Arbitrary<infer T> ? T : never;
  const cron = ({ minute, hours }: Time) => `${minute} ${hours.join(',')} * * *`;
  const isAt = ({ minute, hours }: Time, wallMs: number) => {
    const wall = new Date(wallMs);
    return wall.getUTCMinutes() === minute && hours.includes(wall.getUTCHours());
  };
  const minutes = Array.from({ length: 600 }, (_, i) => 24 * 60 + 4 * i);

  test('a window is open from when the clock has shown its start to when it has shown its end', async () => {
    await fc.assert(fc.asyncProperty(time, time, async (start, end) => {
      fc.pre(cron(start) !== cron(end));
      const source = await declaredSource(`schedule: {timeZone: ${timeZone}, windows: [{start: '${cron(start)}', end: '${cron(end)}', value: 1}]}`);
      let [isOpen, latest] = [false, shown[0] - MINUTE_MS];
      const open = shown.map((wallMs) => {
        while (latest < wallMs) {
          latest += MINUTE_MS;
          if (isAt(start, latest)) isOpen = true;
          if (isAt(end, latest)) isOpen = false;
        }
        return isOpen;
      });
      for (const minute of minutes) {
        const { samples: [{ value }] } = await askOnce(source, firstMs + minute * MINUTE_MS + 30_000);
        expect({ minute, value }).toEqual({ minute, value: Number(open[minute]) });
      }
    }), { numRuns: 6 });
  });
});

describe('a cron expression', () => {
  const wall = (time: string) => Date.parse(`${time}:00Z`);

  test.each([
    ['*/15 * * * *', '2026-11-20T10:14', '2026-11-20T10:00'],
    ['5-10/5,59 3 * * *', '2026-11-20T03:58', '2026-11-20T03:10'],
    ['20/20 * * * *', '2026-11-20T03:58', '2026-11-20T03:40'],
    ['0 0 1 jan *', '2026-11-20T03:58', '2026-01-01T00:00'],
    ['0 0 * * 7', '2026-11-20T03:58', '2026-11-15T00:00'],
    ['0 0 29 2 *', '2026-11-20T03:58', '2024-02-29T00:00'],
    // Either day, as both are named.
    ['0 0 13 * fri', '2026-11-20T03:58', '2026-11-20T00:00'],
    ['0 0 13 * fri', '2026-11-19T03:58', '2026-11-13T00:00'],
    // Both, as the day of the month begins with *.
    ['0 0 */2 * fri', '2026-11-20T03:58', '2026-11-13T00:00'],
  ])('%s was last due before %s at %s', (text, before, last) => {
    expect(new CronExpression(text).lastUntil(wall(before))).toBe(wall(last));
  });

  test.each([
    ['0 8 * *', 0, 'it has 4 fields; give minute, hour, day of the month, month, day of the week'],
    ['60 8 * * *', 0, '"60" is no minute: give 0 to 59'],
    ['0 8 * foo *', 6, '"foo" is no month: give 1 to 12, or jan to dec'],
    ['0 18-8 * * *', 2, '"18-8" is no range: give a smaller and a larger number with - between them'],
    ['0 1,*/0 * * *', 4, '"*/0" has no number behind /'],
    ['0 8 30 2 *', 4, 'it never comes: no month has that day'],
  ])('%s is refused at %i', (text, offset, message) => {
    expect(() => new CronExpression(text)).toThrow(expect.objectContaining({ offset, message }));
  });

  test('any text is read or refused at a place in it', () => {
    const pieces = fc.array(fc.constantFrom('*', '1', '31', '-', '/', ',', ' ', 'mon', 'x'), { maxLength: 15 });
    fc.assert(fc.property(pieces.map((all) => all.join('')), (text) => {
      try {
        expect(new CronExpression(text).lastUntil(wall('2026-11-20T03:58'))).toBeLessThanOrEqual(wall('2026-11-20T03:58'));
      } catch (error) {
        expect(error).toBeInstanceOf(CronSyntaxError);
        expect((error as CronSyntaxError).offset).toBeLessThanOrEqual(text.length);
      }
    }), { numRuns: 2000 });
  });
});

test.each([
  ['schedule: {}', '.schedule.windows is missing; give at least one, with start, end and value'],
  ["schedule: {timeZone: Mars/Olympus, windows: [{start: '0 8 * * *', end: '0 9 * * *', value: 1}]}", '.schedule.timeZone is "Mars/Olympus"; give a time zone such as Europe/Berlin'],
  ["schedule: {windows: [{start: '0 8 * * *', end: '0 9 * * *'}]}", '.schedule.windows[0].value is missing'],
  ["schedule: {windows: [{start: '0 8 * * *', end: '0 8 * * *', value: 1}]}", '.schedule.windows[0].end is "0 8 * * *", as start is; the window would never open'],
  ["schedule: {windows: [{start: '0 24 * * *', end: '0 8 * * *', value: 1}]}", '.schedule.windows[0].start is "0 24 * * *", a cron expression that cannot be used, at character 3: "24" is no hour: give 0 to 23'],
  ["schedule: {windows: [{start: '0 8 * * *', end: '0 9 * * *', value: 1}]}, object: {resource: pods, nameLabel: pod}", '.object cannot be given: where the metric comes from says of what it is'],
])('%s is refused', async (fields, message) => {
  expect(await refusalOf(fields)).toBe(`config.yaml:3: metrics[0]${message}`);
});
