import { ControlPlane } from './control-plane/control-plane';

const INTERVAL_MS = 50;

/** kube-aggregator's connections still come and go after a change. */
const AFTERMATH_MS = 3_000;

/** Asks for metrics through kube-apiserver every 50 ms, whatever has become of the requests before. */
export class SteadyRequests {
  /** Rejects if a request fails while `act` runs, or soon after. */
  public static async succeedDuring(controlPlane: ControlPlane, act: () => Promise<void>): Promise<void> {
    const requests = new SteadyRequests(controlPlane);
    try {
      await act();
      await new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
    } finally {
      await requests.stop();
    }
    expect(requests.failures).toEqual([]);
    expect(requests.answered).toBeGreaterThan(AFTERMATH_MS / INTERVAL_MS / 2);
  }

  private answered = 0;
  private readonly failures: string[] = [];
  private readonly pending = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly controlPlane: ControlPlane) {
    this.timer = setInterval(() => this.ask(), INTERVAL_MS);
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
  }

  private ask(): void {
    const asked = this.controlPlane.request('GET', '/apis/metrics.k8s.io/v1beta1/nodes')
      .then(({ kind }) => kind === 'NodeMetricsList' ? this.answered++ : this.failures.push(`${kind}`))
      .catch((error: Error) => this.failures.push(`${new Date().toISOString()} ${error.message}`))
      .then(() => { this.pending.delete(asked); });
    this.pending.add(asked);
  }
}
