import { Kubectl } from './control-plane/kubectl';

/** kube-aggregator's connections still come and go after a change. */
const AFTERMATH_MS = 5_000;

/** Asks for metrics every quarter of a second, as a user would, until it is stopped. */
export class Requests {
  /** Rejects if a request fails while `act` runs, or soon after. */
  public static async succeedDuring(kubectl: Kubectl, act: () => Promise<void>): Promise<void> {
    const requests = new Requests(kubectl);
    await act();
    await new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
    const { asked, failures } = await requests.stop();
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(3);
  }

  private asked = 0;
  private longestFailureMs = 0;
  private readonly failures: string[] = [];
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly kubectl: Kubectl) {
    this.loop = this.run();
  }

  public async stop() {
    this.stopped = true;
    await this.loop;
    return { asked: this.asked, longestFailureMs: this.longestFailureMs, failures: this.failures };
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
