import { whileAggregated } from './aggregation';
import { BenchCluster } from './bench-cluster';
import { Contender, RunningServer } from './contender';
import { CycleCount, missedCycles } from './cycles';
import { Figures } from './figures';
import { firstFiguresSeconds } from './first-figures';
import { OtherPrograms } from './other-programs';
import { peakResidentBytes } from './process-usage';
import { measureCpu, measureLatencies, measureTenLists } from './request-figures';
import { requestsAt } from './requests';
import { medianResidentBytes } from './resident-memory';
import { measureScraping } from './scraping';

const AFTER_LISTS_SECONDS = 5;

export interface MeasureOptions {
  /** Over which scraping alone is measured; whole cycles, so that each node counts equally often. */
  readonly windowSeconds: number;
  /** CPU and memory alone: latencies of small requests need a whole cycle. */
  readonly quick: boolean;
}

/** Runs one server on the cluster, from its start to its end. What it fails at ends the run; what was measured until then counts. */
export async function measure(contender: Contender, cluster: BenchCluster, { windowSeconds, quick }: MeasureOptions): Promise<Figures> {
  const requests = requestsAt(cluster.fleet.size, quick);
  const [direct, aggregated] = [false, true].map((through) => requests.filter((request) => Boolean(request.aggregated) === through));
  const others = new OtherPrograms();
  const server = new RunningServer(contender, cluster);
  let cycles: CycleCount;
  const latencies = async (some: typeof requests) => quick ? {} : measureLatencies(server, some);
  const steps: readonly (() => Figures | Promise<Figures>)[] = [
    async () => ({ firstFiguresSeconds: await firstFiguresSeconds(server) }),
    async () => {
      cycles = await CycleCount.of(server);
      return measureScraping(server, windowSeconds);
    },
    () => latencies(direct),
    () => measureCpu(server, direct, figures.scrapeCpuUs),
    async () => aggregated.length === 0 ? {} : whileAggregated(server, async () => ({
      ...await latencies(aggregated), ...await measureCpu(server, aggregated, figures.scrapeCpuUs),
    })),
    () => measureTenLists(server),
    async () => ({
      afterListsRssBytes: await medianResidentBytes(server, AFTER_LISTS_SECONDS),
      peakRssBytes: peakResidentBytes(server.pid),
      missedCycles: missedCycles(cycles, await CycleCount.of(server)),
    }),
  ];
  let figures: Figures = {};
  try {
    for (const step of steps) figures = { ...figures, ...await step() };
  } catch (error) {
    figures = { ...figures, end: { failed: (error as Error).message } };
  } finally {
    await server.stop();
  }
  return { ...figures, otherCores: others.cores() };
}
