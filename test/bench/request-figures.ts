import { Answers, ask } from './ask';
import { Registered } from './bench-cluster';
import { RESOLUTION_SECONDS, RunningServer } from './contender';
import { Figure, Figures } from './figures';
import { MeasuredRequest } from './requests';
import { percentile } from './statistics';

/** In which a server answers one request after the other, and so many that its CPU time says what one takes. */
const SMALL_SECONDS = 1.5;
const LIST_SECONDS = 3;
const SMALL_PAUSE_MS = 25;
const SMALL_CLIENTS = 2;
const SMALL_SUBJECTS: readonly MeasuredRequest['subject'][] = ['pod', 'namespace'];

/** Of small requests, all formats of a subject at once, for one whole cycle, since scraping is what makes them wait. */
export async function measureLatencies(server: RunningServer, requests: readonly MeasuredRequest[]): Promise<Figures> {
  let figures: Figures = {};
  for (const small of SMALL_SUBJECTS) {
    const formats = requests.filter(({ subject }) => subject === small).map(async (request) => latencies(request, await ask(server, {
      ...request, path: pathOf(request, server.cluster.registered), clients: SMALL_CLIENTS, pauseMs: SMALL_PAUSE_MS, seconds: RESOLUTION_SECONDS,
    })));
    figures = Object.assign({}, figures, ...await Promise.all(formats)) as Figures;
  }
  return figures;
}

/**
 * Of each kind alone, asked by one client without a pause; lists have their latencies from here. Each begins when the scrapes of a cycle
 * are over; what there is of them all the same is taken off.
 */
export async function measureCpu(server: RunningServer, requests: readonly MeasuredRequest[], scrapeCpuUs: Figure): Promise<Figures> {
  const { cluster: { fleet, registered } } = server;
  let figures: Figures = {};
  for (const request of requests) {
    await fleet.untilPause(RESOLUTION_SECONDS * 1e3);
    const before = await fleet.counters();
    const cpuBefore = server.cpuSeconds();
    const answers = await ask(server, {
      ...request, path: pathOf(request, registered), clients: 1, pauseMs: 0, seconds: isSmall(request) ? SMALL_SECONDS : LIST_SECONDS,
    });
    const cpuUs = (server.cpuSeconds() - cpuBefore) * 1e6;
    const scrapes = (await fleet.counters()).scrapes - before.scrapes;
    const oneMs = (cpuUs - scrapes * Number(scrapeCpuUs)) / 1000 / answers.latenciesMs.length;
    figures = {
      ...figures, ...isSmall(request) ? {} : latencies(request, answers), [`${request.key}CpuMs`]: failure(answers) ?? Math.max(0, oneMs),
    };
  }
  return figures;
}

/** Ten clients that ask for all pods at the same moment. */
export async function measureTenLists(server: RunningServer): Promise<Figures> {
  const answers = await ask(server, { path: 'pods', clients: 10, pauseMs: 0, seconds: 0 });
  return { tenListsP99Ms: failure(answers) ?? percentile(answers.latenciesMs, 99) };
}

function latencies({ key }: MeasuredRequest, answers: Answers): Figures {
  const failed = failure(answers);
  return { [`${key}P50Ms`]: failed ?? percentile(answers.latenciesMs, 50), [`${key}P99Ms`]: failed ?? percentile(answers.latenciesMs, 99) };
}

function isSmall({ subject }: MeasuredRequest): boolean {
  return SMALL_SUBJECTS.includes(subject);
}

function pathOf({ subject }: MeasuredRequest, { somePod: { namespace, name } }: Registered): string {
  switch (subject) {
    case 'pod': return `namespaces/${namespace}/pods/${name}`;
    case 'namespace': return `namespaces/${namespace}/pods`;
    default: return subject;
  }
}

/** Why a row of requests has no figures: one that failed says nothing of how fast the others were. */
function failure({ outcomes }: Answers): Figure | undefined {
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== '200');
  if (others.length === 0) return undefined;
  return { failed: `${others.map(([outcome, count]) => `${count} of ${total}: ${outcome}`).join('; ')}` };
}
