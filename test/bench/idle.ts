import { loadavg } from 'os';
import { OtherPrograms } from './other-programs';

/** Others' programs may take this share of a core. */
const MAX_CORES = 0.5;
const LOOK_MS = 10_000;
const PATIENCE_MS = 5 * 60_000;

/**
 * Waits until nobody else is at work on the machine; what was just built here may take a moment to be over.
 *
 * @throws Error when somebody is, for minutes
 */
export async function untilIdle(progress: (line: string) => void): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const others = new OtherPrograms();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const cores = others.cores();
    if (cores <= MAX_CORES) return;
    const busy = `other programs use ${cores.toFixed(2)} cores, ${MAX_CORES} at most (load average ${loadavg()[0].toFixed(2)})`;
    if (Date.now() > deadline) throw new Error(`--publish: ${busy}; come back when the machine is idle, or leave --publish out`);
    progress(`waiting: ${busy}`);
  }
}
