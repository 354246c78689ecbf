import { setTimeout as delay } from 'timers/promises';
import { RESOLUTION_SECONDS, RunningServer } from './contender';
import { Figures } from './figures';
import { medianResidentBytes } from './resident-memory';

/**
 * What the server needs while nobody asks for anything, over whole cycles. Not right after the first figures: ours asks kubelets that
 * are new to it once more before their next turn, and a window that began among those would count some kubelets a third time.
 */
export async function measureScraping(server: RunningServer, seconds: number): Promise<Figures> {
  await delay(RESOLUTION_SECONDS * 1e3);
  const { fleet } = server.cluster;
  const before = await fleet.counters();
  const [began, cpuBefore] = [Date.now(), server.cpuSeconds()];
  const idleRssBytes = await medianResidentBytes(server, seconds);
  const cpu = server.cpuSeconds() - cpuBefore;
  const elapsedMinutes = (Date.now() - began) / 60_000;
  const after = await fleet.counters();
  const scrapes = after.scrapes - before.scrapes;
  if (after.refused > 0) throw new Error(`kubelets refused ${after.refused} requests: no token, or another path than /metrics/resource`);
  if (scrapes === 0) throw new Error(`no kubelet was asked for ${seconds} s\n${server.tail()}`);
  return {
    scrapesPerMinute: scrapes / elapsedMinutes,
    scrapeCpuMsPerMinute: cpu * 1e3 / elapsedMinutes,
    scrapeCpuUs: cpu * 1e6 / scrapes,
    scrapeWireBytes: (after.wireBytes - before.wireBytes) / scrapes,
    idleRssBytes,
  };
}
