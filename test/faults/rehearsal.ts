import { Fault } from './fault';
import { answers } from './figures';
import { Lab } from './lab';
import { eventually } from '../e2e/control-plane/eventually';
import { Workbench } from '../runtime/main/runtime-process';

/** Same answers as before, so long after a fault at most. */
const RECOVERY_MS = 60_000;
/** Until a fault shows. */
const EFFECT_MS = 120_000;
/** Until all is quiet that a fault has left behind: connections that are kept for a minute. */
const SETTLING_MS = 60_000;
/** Each look is a dozen handshakes. */
const INTERVAL_MS = 1_000;
const GARBAGE_MS = 1_000;
/** What is logged again and again comes once in it. */
const RECURRING_MS = 60_000;
/** Rounds of questions before memory is looked at. */
const WARM_UP = 50;
/** Memory after the last time against memory after the second. */
const MAX_GROWTH = 1.1;
/** "Bounded whatever kubelets and clients do". */
const MAX_PEAK_BYTES = 192 * 2 ** 20;

export interface Rehearsed {
  readonly recoverySeconds: readonly number[];
  /** After the second time and after the last, when there are so many. */
  readonly residentMib: readonly number[];
  readonly peakMib: number;
}

/** Lets a fault happen so many times, and says what it has cost. */
export async function rehearse(fault: Fault, bench: Workbench, times: number): Promise<Rehearsed> {
  const lab = await Lab.start(bench, fault.setUp ?? (() => ({})));
  try {
    await eventually(async () => expect((await lab.ask('/readyz')).status).toBe(200));
    const before = await eventually(async () => {
      const seen = await answers(lab);
      expect(JSON.stringify(seen)).not.toMatch(/"isFresh":false|\["memory"/);
      expect(seen).toMatchObject({ figures: expect.arrayContaining([expect.anything()]), viewer: [200, 12], aggregated: [200, 3], failingNodes: [] });
      return seen;
    }, EFFECT_MS, INTERVAL_MS);
    // What runs often is compiled, and takes some MiB more: no news of any fault.
    for (let time = 0; time < (times > 1 ? WARM_UP : 0); time++) await answers(lab);
    const recoverySeconds: number[] = [];
    const resident: number[] = [];
    for (let time = 1; time <= times; time++) {
      recoverySeconds.push(await once(fault, lab, before, time === 1));
      if (times > 1 && (time === 2 || time === times)) resident.push(await settled(lab));
    }
    const peakBytes = lab.peakResidentBytes();
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
    if (resident.length > 1) expect(resident[1] / resident[0]).toBeLessThan(MAX_GROWTH);
    return { recoverySeconds, residentMib: resident.map(mebibytes), peakMib: mebibytes(peakBytes) };
  } catch (error) {
    // What was expected says nothing of a runtime that has ended.
    throw new Error(`${(error as Error).message}\n\nthe runtime's last lines:\n${lab.runtime.lines.slice(-10).join('\n')}`, { cause: error });
  } finally {
    await lab.stop();
  }
}

/** Returns the seconds until all was as before. */
async function once(fault: Fault, lab: Lab, before: object, isFirst: boolean): Promise<number> {
  let mark = lab.runtime.lines.length;
  const process = lab.runtime;
  const lines = () => lab.runtime === process ? lab.runtime.lines.slice(mark) : lab.runtime.lines;
  const counters = await lab.metrics();
  const begunMs = Date.now();
  const end = await fault.begin(lab);
  if (lab.runtime !== process) mark = 0;
  try {
    for (const claim of fault.served) await eventually(() => claim.holds(lab, begunMs), EFFECT_MS, INTERVAL_MS);
    await eventually(() => expectLines(lines(), [...fault.logged, ...isFirst ? fault.loggedAtTimes ?? [] : []]), EFFECT_MS);
    await eventually(async () => expectGrown(fault.counted, counters, await lab.metrics()), EFFECT_MS, INTERVAL_MS);
  } finally {
    await end();
  }
  const overMs = Date.now();
  await eventually(async () => expect(await answers(lab)).toEqual(before), RECOVERY_MS, INTERVAL_MS);
  for (const claim of fault.servedAfterwards ?? []) await eventually(() => claim.holds(lab, begunMs), RECOVERY_MS - (Date.now() - overMs));
  await eventually(() => expectLines(lines(), fault.loggedAfterwards ?? []), RECOVERY_MS);
  expectNoMore(lines(), fault, Date.now() - begunMs);
  return (Date.now() - overMs) / 1000;
}

/** Memory when all is quiet again, with as many sockets as at rest. */
async function settled(lab: Lab): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  await eventually(() => expect(lab.openSockets()).toBe(lab.restingSockets), SETTLING_MS / 2);
  // What a finalizer lets go is garbage at the next time only.
  for (let time = 0; time < 3; time++) {
    lab.collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, GARBAGE_MS));
  }
  return lab.residentBytes();
}

function expectLines(lines: readonly string[], expected: readonly string[]): void {
  const missing = expected.filter((pattern) => !lines.some((line) => matches(line, pattern)));
  expect({ missing, lines: missing.length > 0 ? lines : [] }).toEqual({ missing: [], lines: [] });
}

function expectNoMore(lines: readonly string[], { logged, loggedAtTimes = [], loggedPerhaps = [] }: Fault, tookMs: number): void {
  const expected = [...logged, ...loggedAtTimes];
  const warnings = lines.filter((line) => !line.startsWith('I '));
  expect(warnings.filter((line) => ![...expected, ...loggedPerhaps].some((pattern) => matches(line, pattern)))).toEqual([]);
  const repeatable = expected.filter((pattern) => !loggedPerhaps.includes(pattern));
  for (const pattern of repeatable) {
    const atMost = 1 + (loggedAtTimes.includes(pattern) ? Math.floor(tookMs / RECURRING_MS) : 0);
    expect(warnings.filter((line) => matches(line, pattern)).slice(atMost)).toEqual([]);
  }
}

/** Whether the pieces of the pattern, which `…` separates, follow one another in the line. */
export function matches(line: string, pattern: string): boolean {
  let at = 0;
  return pattern.split('…').every((piece) => {
    const found = line.indexOf(piece.trim(), at);
    at = found + piece.trim().length;
    return found >= 0;
  });
}

function expectGrown(counted: readonly string[], before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): void {
  expect(counted.filter((series) => !(sumOf(now, series) > sumOf(before, series)))).toEqual([]);
}

/** Of all series that have the labels, and maybe more. */
function sumOf(values: ReadonlyMap<string, number>, series: string): number {
  const [, family, labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series)!;
  return [...values].filter(([name]) => name.split('{')[0] === family && labels.split(',').every((label) => name.includes(label)))
    .reduce((total, [, value]) => total + value, 0);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
