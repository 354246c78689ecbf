import { Kubectl } from './control-plane/kubectl';

/** kube-aggregator's connections still come and go after a change. */
const AFTERMATH_MS = 5_000;

/** `periodSeconds` of a readiness probe that does not say: the time that a pod that fails stays in its Service. */
export const PROBE_PERIOD_MS = 10_000;

/** Asks for metrics every quarter of a second, as a user would. */
export class Requests {
  /** Rejects if requests fail while `act` runs, or soon after, for longer at a time than they may. */
  public static async succeedDuring(kubectl: Kubectl, act: () => Promise<void>, mayFailMs = 0): Promise<void> {
    const requests = new Requests(kubectl);
    try {
      await act();
      await new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
    } finally {
      await requests.stop();
    }
    const { asked, longestFailureMs, failures } = requests;
    expect({ longestFailureMs, failures, tooLong: longestFailureMs > mayFailMs }).toMatchObject({ tooLong: false });
    expect(asked).toBeGreaterThan(3);
  }

  private asked = 0;
  private longestFailureMs = 0;
  private readonly failures: string[] = [];
  private stopped = false;
  private readonly loop: Promise<void>;

  private constructor(private readonly kubectl: Kubectl) {
    this.loop = this.run();
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async run(): Promise<void> {
    let failingSinceMs: number | undefined;
    while (!this.stopped) {
      const askedMs = Date.now();
      const { code, stderr } = await this.kubectl.try('get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes');
      this.asked += 1;
      if (code !== 0) {
        failingSinceMs ??= askedMs;
        this.longestFailureMs = Math.max(this.longestFailureMs, Date.now() - failingSinceMs);
        this.failures.push(stderr.trim());
      } else {
        failingSinceMs = undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
