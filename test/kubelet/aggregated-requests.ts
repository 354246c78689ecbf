import { ControlPlane } from '../e2e/control-plane/control-plane';

const PATH = '/apis/metrics.k8s.io/v1beta1/nodes';
const AT_ONCE = 4;
const PAUSE_MS = 20;

/** Asks for metrics through kube-apiserver, several at once and again and again, until it is stopped. */
export class AggregatedRequests {
  private answered = 0;
  private readonly failures: string[] = [];
  private stopped = false;
  private readonly loops: Promise<void>[];

  constructor(private readonly controlPlane: ControlPlane) {
    this.loops = Array.from({ length: AT_ONCE }, () => this.run());
  }

  public async stop(): Promise<{ answered: number; failures: readonly string[] }> {
    this.stopped = true;
    await Promise.all(this.loops);
    return { answered: this.answered, failures: this.failures };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const { items } = await this.controlPlane.request('GET', PATH);
        if (items.length === 0) throw new Error('an empty list');
        this.answered++;
      } catch (error) {
        this.failures.push(`${new Date().toISOString()} ${(error as Error).message}`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
