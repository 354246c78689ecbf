import { RunningServer } from './contender';
import { residentBytes } from './process-usage';
import { median } from './statistics';

/** Looked at once a second: collectors let memory go up and down. */
export async function medianResidentBytes(server: RunningServer, seconds: number): Promise<number> {
  const looks: number[] = [];
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, end - Date.now())));
    server.assertRunning();
    looks.push(residentBytes(server.pid));
  }
  return median(looks);
}
