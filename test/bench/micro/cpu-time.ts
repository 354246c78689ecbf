import { median } from '../statistics';

/** CPU time of one call, microseconds. */
export interface Timing {
  readonly leastUs: number;
  readonly medianUs: number;
}

const ROUNDS = 7;
const ROUND_MS = 300;

/**
 * Calls again and again. CPU time and not the clock on the wall, because others are at work on the machine; that of the whole process,
 * so that its collector's threads count.
 *
 * @param per what a call does so many times
 */
export function measure(call: () => void, per = 1): Timing {
  for (const end = Date.now() + ROUND_MS; Date.now() < end;) call();
  return timing(Array.from({ length: ROUNDS }, () => {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    let calls = 0;
    for (; performance.now() - began < ROUND_MS; calls++) call();
    return cpuUs(cpu) / calls / per;
  }));
}

export function timing(us: readonly number[]): Timing {
  return { leastUs: Math.min(...us), medianUs: median(us) };
}

export function cpuUs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
