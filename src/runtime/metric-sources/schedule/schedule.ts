import { WallClock } from './wall-clock';
import { CronExpression, CronSyntaxError } from '../../../_facts/cron';
import { readAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { MetricOrigin } from '../metric-origin';
import { SampleSource } from '../sample-source';

interface Window {
  readonly start: CronExpression;
  readonly end: CronExpression;
  readonly value: number;
  readonly text: string;
}

/** `schedule`: a value for each of several windows of time, another one outside of them. It is an external metric. */
export function schedule(node: ConfigurationNode): MetricOrigin {
  const { timeZone, windows, outside } = node.fields('timeZone', 'windows', 'outside');
  const wall = wallClock(timeZone);
  const all = windows.list().map(windowOf);
  if (all.length === 0) throw windows.error('is missing; give at least one, with start, end and value');
  const outsideValue = outside.number() ?? 0;
  const asked = `schedule: ${all.map(({ text }) => text).join('; ')} (${timeZone.text() || 'UTC'})`;
  return {
    described: {},
    open: (): SampleSource => ({
      sources: ['schedule'],
      asked,
      async samples(timestampMs, _, record) {
        const shown = wall.latest(timestampMs);
        const open = all.find((window) => isOpen(window, shown));
        record?.({ source: 'schedule', asked, answer: `at ${new Date(shown).toISOString().slice(0, 16)}: ${open?.text ?? 'no window'} is open` });
        return [{ labels: {}, value: open?.value ?? outsideValue, timestampMs }];
      },
    }),
  };
}

/** Since its last start there was no end. */
function isOpen({ start, end }: Window, shown: number): boolean {
  return (start.lastUntil(shown) ?? -Infinity) > (end.lastUntil(shown) ?? -Infinity);
}

function windowOf(node: ConfigurationNode): Window {
  const { start, end, value } = node.fields('start', 'end', 'value');
  const number = value.number();
  if (number === undefined) throw value.error('is missing');
  const window = { start: cronAt(start), end: cronAt(end), value: number, text: `${start.text()} to ${end.text()}` };
  if (start.text().trim() === end.text().trim()) throw end.error(`is ${JSON.stringify(end.text())}, as start is; the window would never open`);
  return window;
}

function cronAt(node: ConfigurationNode): CronExpression {
  return readAt(node, 'a cron expression', CronSyntaxError, (text) => new CronExpression(text));
}

function wallClock(node: ConfigurationNode): WallClock {
  try {
    return new WallClock(node.text() || 'UTC');
  } catch {
    throw node.error(`is ${JSON.stringify(node.text())}; give a time zone such as Europe/Berlin`);
  }
}
