import { BenchCluster } from './bench-cluster';
import { Contender, RunningServer } from './contender';
import { Figures } from './figures';
import { firstFiguresSeconds } from './first-figures';
import { medianResidentBytes } from './resident-memory';
import { median } from './statistics';

/** Of the fleet's pods, replaced in a minute: with a pod of another name on the same node. */
const SHARE_PER_MINUTE = 0.05;

/**
 * What servers need while pods come and go; one keeps nothing of those that have gone when its memory does not grow. Servers run beside
 * each other, because memory does not care, and it takes long.
 */
export async function measureChurn(contenders: readonly Contender[], cluster: BenchCluster, minutes: number): Promise<readonly Figures[]> {
  const { nodes, pods } = cluster.fleet.size;
  const servers = contenders.map((contender) => new RunningServer(contender, cluster));
  try {
    await Promise.all(servers.map(firstFiguresSeconds));
    const [, ...figures] = await Promise.all([
      cluster.replacePods(Math.ceil(nodes * pods * SHARE_PER_MINUTE), minutes),
      ...servers.map((server) => watch(server, minutes)),
    ]);
    return figures;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function watch(server: RunningServer, minutes: number): Promise<Figures> {
  const cpuBefore = server.cpuSeconds();
  const byMinute: number[] = [];
  while (byMinute.length < minutes) byMinute.push(await medianResidentBytes(server, 60));
  const third = Math.max(1, Math.floor(minutes / 3));
  const [first, last] = [median(byMinute.slice(0, third)), median(byMinute.slice(-third))];
  return {
    churnCpuMsPerMinute: (server.cpuSeconds() - cpuBefore) * 1e3 / minutes,
    churnFirstRssBytes: first,
    churnLastRssBytes: last,
    churnGrowth: last / first,
  };
}
