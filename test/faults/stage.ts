import { Fault } from './fault';
import { rehearse } from './rehearsal';
import { Workbench } from '../runtime/main/runtime-process';

/** How often each fault comes back; memory is compared from three times on. */
const TIMES = Number(process.env.FAULT_TIMES ?? 5);

/** A test for each fault, several at a time. */
export function stage(faults: readonly Fault[]): void {
  const bench = new Workbench();
  afterAll(() => bench.remove());

  test.concurrent.each(faults.filter(({ isLong = false }) => TIMES > 1 || !isLong))('$name', async (fault) => {
    const { recoverySeconds, residentMib, peakMib } = await rehearse(fault, bench, TIMES);
    process.stderr.write(`${fault.name}: as before after ${recoverySeconds.map(Math.round).join(', ')} s;`
      + ` ${residentMib.length > 0 ? `${residentMib.join(' -> ')} MiB, ` : ''}${peakMib} MiB at most\n`);
  });
}
