import { Kubectl } from './control-plane/kubectl';

/** Asks for metrics every quarter of a second, as a user would, until it is stopped. */
export class Requests {
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
