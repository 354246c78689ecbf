import { Answers, ask, AskOptions } from './ask';
import { BenchCluster } from './bench-cluster';
import { Contender, RESOLUTION_SECONDS, RunningServer } from './contender';
import { Figure, Figures } from './figures';
import { firstFiguresSeconds } from './first-figures';
import { cpuSeconds, peakResidentBytes, residentBytes } from './process-usage';
import { median, percentile } from './statistics';

export interface MeasureOptions {
  /** Over which scraping alone is measured; whole cycles, so that each node counts equally often. */
  readonly windowSeconds: number;
  /** Shorter lists; small requests are asked over a whole cycle all the same, since scraping is what makes them wait. */
  readonly quick: boolean;
}

/** Runs one server on the cluster, from its start to its end. */
export async function measure(contender: Contender, cluster: BenchCluster, { windowSeconds, quick }: MeasureOptions): Promise<Figures> {
  const { somePod } = cluster.registered;
  const listSeconds = quick ? 8 : RESOLUTION_SECONDS;
  const server = new RunningServer(contender, cluster);
  try {
    const firstFigures = await firstFiguresSeconds(server);
    const scraping = await measureScraping(server, windowSeconds);
    const ofRequest = (key: string, options: AskOptions) => measureRequest(server, scraping.cpuPerSecond, key, options);
    const small = { clients: 4, pauseMs: 25, seconds: RESOLUTION_SECONDS };
    return {
      firstFiguresSeconds: firstFigures,
      ...scraping.figures,
      ...await ofRequest('pod', { path: `namespaces/${somePod.namespace}/pods/${somePod.name}`, ...small }),
      ...await ofRequest('namespace', { path: `namespaces/${somePod.namespace}/pods`, ...small }),
      ...await ofRequest('nodes', { path: 'nodes', clients: 1, pauseMs: 100, seconds: listSeconds }),
      ...await ofRequest('pods', { path: 'pods', clients: 1, pauseMs: 250, seconds: listSeconds }),
      ...await measureTenLists(server, quick ? 1 : 3),
      afterListsRssBytes: await medianResidentBytes(server, quick ? 5 : RESOLUTION_SECONDS),
      peakRssBytes: peakResidentBytes(server.pid),
    };
  } finally {
    await server.stop();
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

/** Looked at once a second: collectors let memory go up and down. */
async function medianResidentBytes(server: RunningServer, seconds: number): Promise<number> {
  const looks: number[] = [];
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, end - Date.now())));
    server.assertRunning();
    looks.push(residentBytes(server.pid));
  }
  return median(looks);
}
