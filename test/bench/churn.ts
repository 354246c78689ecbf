import { RunningServer } from './contender';
import { Figures } from './figures';
import { cpuSeconds } from './process-usage';
import { medianResidentBytes } from './resident-memory';

/** Of the fleet's pods, replaced in a minute: with a pod of another name on the same node. */
const SHARE_PER_MINUTE = 0.05;

/** What a server needs while pods come and go; it keeps nothing of those that have gone when its memory does not grow. */
export async function measureChurn(server: RunningServer, minutes: number): Promise<Figures> {
  const { cluster } = server;
  const { nodes, pods } = cluster.fleet.size;
  const began = Date.now();
  const cpuBefore = cpuSeconds(server.pid);
  const replacing = cluster.replacePods(Math.ceil(nodes * pods * SHARE_PER_MINUTE), minutes);
  const byMinute: number[] = [];
  const looking = async () => {
    while (byMinute.length < minutes) byMinute.push(await medianResidentBytes(server, 60));
  };
  await Promise.all([replacing, looking()]);
  return {
    churnCpuMsPerMinute: (cpuSeconds(server.pid) - cpuBefore) * 1e3 / ((Date.now() - began) / 60_000),
    churnFirstRssBytes: byMinute[0],
    churnLastRssBytes: byMinute[minutes - 1],
  };
}
