import { RESOLUTION_SECONDS, RunningServer } from './contender';
import { FrontProxy } from './front-proxy';

/** What a server has counted of its cycles since it started, in the metrics that both have. */
export class CycleCount {
  public static async of(server: RunningServer): Promise<CycleCount> {
    const frontProxy = new FrontProxy(server);
    try {
      return new CycleCount(await frontProxy.get('/metrics'), Date.now());
    } finally {
      frontProxy.close();
    }
  }

  /** Cycles that have ended. */
  public readonly ended: number;
  /** Of these, in time. */
  public readonly inTime: number;
  public readonly failedScrapes: number;
  /** Ours alone: kubelets that were left out of a cycle, since they had not answered in the one before. */
  public readonly skippedScrapes: number;

  constructor(exposition: string, public readonly atMs: number) {
    const lines = exposition.split('\n');
    const value = (series: string) => Number(lines.find((line) => line.startsWith(`metrics_server_${series} `))?.split(' ')[1] ?? 0);
    this.ended = value('manager_tick_duration_seconds_count');
    this.inTime = value(`manager_tick_duration_seconds_bucket{le="${RESOLUTION_SECONDS}"}`);
    this.failedScrapes = value('kubelet_request_total{success="false"}');
    this.skippedScrapes = value('kubelet_request_skipped_total');
  }
}

/** Between two counts: cycles that did not end in time, were never begun, or did not reach all kubelets. */
export function missedCycles(before: CycleCount, after: CycleCount): number {
  const ended = after.ended - before.ended;
  const late = ended - (after.inTime - before.inTime);
  // One may be under way at either end.
  const expected = Math.floor((after.atMs - before.atMs) / 1000 / RESOLUTION_SECONDS) - 1;
  const incomplete = after.failedScrapes + after.skippedScrapes > before.failedScrapes + before.skippedScrapes ? 1 : 0;
  return Math.max(0, expected - ended) + Math.max(late, incomplete);
}
