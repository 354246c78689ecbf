import { whileAggregated } from './aggregation';
import { Answers, ask, AskOptions } from './ask';
import { BenchCluster, Registered } from './bench-cluster';
import { measureChurn } from './churn';
import { Contender, RESOLUTION_SECONDS, RunningServer } from './contender';
import { Figure, Figures } from './figures';
import { firstFiguresSeconds } from './first-figures';
import { cpuSeconds, peakResidentBytes } from './process-usage';
import { MeasuredRequest, requestsAt } from './requests';
import { medianResidentBytes } from './resident-memory';
import { percentile } from './statistics';

export interface MeasureOptions {
  /** Over which scraping alone is measured; whole cycles, so that each node counts equally often. */
  readonly windowSeconds: number;
  /** Shorter lists; small requests are asked over a whole cycle all the same, since scraping is what makes them wait. */
  readonly quick: boolean;
  /** In which pods are replaced; 0: none are. */
  readonly churnMinutes: number;
}

/** Runs one server on the cluster, from its start to its end. */
export async function measure(contender: Contender, cluster: BenchCluster, { windowSeconds, quick, churnMinutes }: MeasureOptions): Promise<Figures> {
  const listSeconds = quick ? 8 : RESOLUTION_SECONDS;
  const server = new RunningServer(contender, cluster);
  try {
    const firstFigures = await firstFiguresSeconds(server);
    const scraping = await measureScraping(server, windowSeconds);
    const requests = requestsAt(cluster.fleet.size, quick);
    const ofRequests = async (aggregated: boolean) => {
      let figures: Figures = {};
      for (const request of requests.filter((one) => Boolean(one.aggregated) === aggregated)) {
        const options = { ...request, path: pathOf(request, cluster.registered), ...paceOf(request, listSeconds) };
        figures = { ...figures, ...await measureRequest(server, scraping.cpuPerSecond, request.key, options) };
      }
      return figures;
    };
    return {
      firstFiguresSeconds: firstFigures,
      ...scraping.figures,
      ...await ofRequests(false),
      ...requests.some(({ aggregated }) => aggregated) ? await whileAggregated(cluster.controlPlane, () => ofRequests(true)) : {},
      ...await measureTenLists(server, quick ? 1 : 3),
      afterListsRssBytes: await medianResidentBytes(server, quick ? 5 : RESOLUTION_SECONDS),
      peakRssBytes: peakResidentBytes(server.pid),
      ...churnMinutes > 0 ? await measureChurn(server, churnMinutes) : {},
    };
  } finally {
    await server.stop();
  }
}

function pathOf({ subject }: MeasuredRequest, { somePod: { namespace, name } }: Registered): string {
  switch (subject) {
    case 'pod': return `namespaces/${namespace}/pods/${name}`;
    case 'namespace': return `namespaces/${namespace}/pods`;
    default: return subject;
  }
}

/** Small requests are asked over a whole cycle, because scraping is what makes them wait. */
function paceOf({ subject }: MeasuredRequest, listSeconds: number): Pick<AskOptions, 'clients' | 'pauseMs' | 'seconds'> {
  switch (subject) {
    case 'nodes': return { clients: 1, pauseMs: 100, seconds: listSeconds };
    case 'pods': return { clients: 1, pauseMs: 250, seconds: listSeconds };
    default: return { clients: 4, pauseMs: 25, seconds: RESOLUTION_SECONDS };
  }
}

/** What the server needs while nobody asks for anything. */
async function measureScraping(server: RunningServer, seconds: number): Promise<{ cpuPerSecond: number; figures: Figures }> {
  const { fleet } = server.cluster;
  const before = await fleet.counters();
  const began = Date.now();
  const cpuBefore = cpuSeconds(server.pid);
  const idleRssBytes = await medianResidentBytes(server, seconds);
  const cpu = cpuSeconds(server.pid) - cpuBefore;
  const elapsedSeconds = (Date.now() - began) / 1000;
  const after = await fleet.counters();
  const scrapes = after.scrapes - before.scrapes;
  if (after.refused > 0) throw new Error(`kubelets refused ${after.refused} requests: no token, or another path than /metrics/resource`);
  return {
    cpuPerSecond: cpu / elapsedSeconds,
    figures: {
      scrapesPerMinute: scrapes / elapsedSeconds * 60,
      scrapeCpuMsPerMinute: cpu * 1e3 / elapsedSeconds * 60,
      scrapeCpuUs: cpu * 1e6 / scrapes,
      scrapeWireBytes: (after.wireBytes - before.wireBytes) / scrapes,
      idleRssBytes,
    },
  };
}

async function measureRequest(server: RunningServer, scrapingCpuPerSecond: number, key: string, options: AskOptions): Promise<Figures> {
  const cpuBefore = cpuSeconds(server.pid);
  const answers = await ask(server, options);
  const cpu = cpuSeconds(server.pid) - cpuBefore - scrapingCpuPerSecond * answers.wallMs / 1000;
  const figure = (value: () => number): Figure => failure(answers) ?? value();
  return {
    [`${key}P50Ms`]: figure(() => percentile(answers.latenciesMs, 50)),
    [`${key}P99Ms`]: figure(() => percentile(answers.latenciesMs, 99)),
    [`${key}CpuMs`]: figure(() => Math.max(0, cpu) * 1000 / answers.latenciesMs.length),
  };
}

async function measureTenLists(server: RunningServer, times: number): Promise<Figures> {
  const latenciesMs: number[] = [];
  let failed: Figure | undefined;
  for (let i = 0; i < times; i++) {
    const answers = await ask(server, { path: 'pods', clients: 10, pauseMs: 0, seconds: 0 });
    latenciesMs.push(...answers.latenciesMs);
    failed ??= failure(answers);
  }
  latenciesMs.sort((a, b) => a - b);
  return { tenListsP99Ms: failed ?? percentile(latenciesMs, 99) };
}

/** Why a row of requests has no figures: one that failed says nothing of how fast the others were. */
function failure({ outcomes }: Answers): Figure | undefined {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== '200');
  if (others.length === 0) return undefined;
  return { failed: `${others.map(([outcome, count]) => `${count} of ${total}: ${outcome}`).join('; ')}` };
}
