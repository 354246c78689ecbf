import { setTimeout as delay } from 'node:timers/promises';
import { detail, StatusLine, step } from './progress';
import { RuntimeProcess } from './runtime-process';
import { Screen } from './screen';
import { renderTopNodes, renderTopPods } from './top';
import { ClusterUsage } from './usage';

/** A cluster whose metrics the runtime serves. */
export interface UsageSource {
  readonly runtime: RuntimeProcess;
  /** Pods that will have metrics, when that is known: then nothing less is shown. */
  readonly pods?: number;
  read(): Promise<ClusterUsage>;
}

const POLL_MS = 1_000;
const REFRESH_MS = 5_000;
/** Two scrapes 15 s apart, with room for a slow machine. */
const PATIENCE_MS = 90_000;
/** Kubelets that fail do not keep the others' figures back for longer than this. */
const STRAGGLERS_MS = 20_000;

/** Shows what kubectl top shows, again and again, or once. */
export async function showUsage(source: UsageSource, once: boolean): Promise<void> {
  const screen = new Screen(process.stdout);
  let usage = await firstUsage(source);
  for (;;) {
    screen.show([...renderTopNodes(usage), '', ...renderTopPods(usage)]);
    if (once) return;
    await delay(REFRESH_MS);
    // An answer that fails once is not the end: the last figures stay.
    usage = await source.read().catch(() => usage);
  }
}

async function firstUsage({ read, pods, runtime }: UsageSource): Promise<ClusterUsage> {
  step(4, 'Wait for the first figures: a rate needs two samples');
  const line = new StatusLine();
  const startedMs = Date.now();
  let firstSeenMs: number | undefined;
  let problem = '';
  while (Date.now() - startedMs < PATIENCE_MS) {
    try {
      const usage = await read();
      const { nodes, nodeMetrics, podMetrics } = usage;
      problem = `${nodeMetrics.length} of ${nodes.length} nodes and ${podMetrics.length}${pods ? ` of ${pods}` : ''} pods have metrics`;
      if (nodeMetrics.length > 0 && podMetrics.length > 0) firstSeenMs ??= Date.now();
      const complete = nodeMetrics.length >= nodes.length && podMetrics.length >= (pods ?? 1);
      const enough = pods === undefined && firstSeenMs !== undefined && Date.now() - firstSeenMs > STRAGGLERS_MS;
      line.show(problem);
      if (complete || enough) {
        line.end();
        detail(`after ${Math.round((Date.now() - startedMs) / 1000)} s`);
        return usage;
      }
    } catch (error) {
      problem = (error as Error).message;
      line.show(`not yet: ${problem}`);
    }
    await delay(POLL_MS);
  }
  line.end();
  throw runtime.failure(`no complete figures after ${PATIENCE_MS / 1000} s: ${problem}`);
}
