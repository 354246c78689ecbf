import { Stop } from '../clock';
import { ApiService, isOurs, OwnApiService, OwnApiServiceOptions } from './own-api-service';
import { FEATURES } from '../../_facts/rights';
import { ReconcileLoop } from '../cluster/reconcile-loop';

/**
 * A newer pod that is told not to be verified takes our CA away, and a manifest that says the same follows when the rollout is over:
 * filling in the CA meanwhile would have that manifest refused. Longer than a rollout takes as a rule; after it, this is the pod that stayed.
 */
const STAND_BACK_MS = 60_000;

/** Keeps `caBundle` of one APIService equal to the CA that signed what we serve, whoever changes it. */
export class CaBundle {
  private readonly loop: ReconcileLoop;
  private readonly apiService: OwnApiService;
  private wanted: string | undefined;
  /** What was trusted when we came: it verifies the pods that served before us. */
  private trustedBefore = '';
  private settled = false;
  /** Whether our CA has stood there. */
  private inPlace = false;
  private standBackUntilMs: number | undefined;
  private stopTimer: Stop | undefined;

  constructor(private readonly options: OwnApiServiceOptions) {
    this.loop = new ReconcileLoop({
      ...options,
      feature: FEATURES.caBundle(options.apiServiceName),
      what: `caBundle of APIService ${options.apiServiceName}`,
      reconcile: () => this.reconcile(),
    });
    this.apiService = new OwnApiService(options, () => this.loop.trigger());
  }

  /** Takes effect at once and for as long as it runs. */
  public want(pem: string): void {
    this.wanted = pem;
    this.loop.trigger();
  }

  /**
   * The pods that served before us have gone. Until then they still get requests: an API that nobody verified stays so, since they
   * cannot be verified, and a CA that was trusted when we came stays beside ours.
   */
  public settle(): void {
    this.settled = true;
    this.loop.trigger();
  }

  public start(): void {
    this.apiService.start();
  }

  public stop(): void {
    this.apiService.stop();
    this.loop.stop();
    this.stopTimer?.();
  }

  private async reconcile(): Promise<void> {
    const { current } = this.apiService;
    if (this.wanted === undefined || current === undefined) {
      return;
    }
    const caBundle = this.caBundle(this.wanted, current);
    if (current.spec.caBundle === caBundle) {
      this.inPlace = true;
      this.standBackUntilMs = undefined;
      return;
    }
    if (current.spec.insecureSkipTLSVerify && (this.standsBack(current) || !this.settled)) {
      return;
    }
    await this.apiService.writeTrust({ caBundle, insecureSkipTLSVerify: false });
    this.inPlace = true;
    this.standBackUntilMs = undefined;
    this.options.logger.info('Filled caBundle', { apiService: this.options.apiServiceName });
  }

  private caBundle(wanted: string, { spec }: ApiService): string {
    if (this.settled) this.trustedBefore = '';
    // Not ours, which a pod that ended early may have left there.
    else if (!this.inPlace) this.trustedBefore = Buffer.from(spec.caBundle ?? '', 'base64').toString().replace(wanted, '').trim();
    return Buffer.from(this.trustedBefore ? `${wanted.trimEnd()}\n${this.trustedBefore}\n` : wanted).toString('base64');
  }

  private standsBack(current: ApiService): boolean {
    if (!this.inPlace || !isOurs(current, 'insecureSkipTLSVerify')) {
      return false;
    }
    const { clock } = this.options;
    this.standBackUntilMs ??= clock.now() + STAND_BACK_MS;
    const waitMs = this.standBackUntilMs - clock.now();
    this.stopTimer?.();
    if (waitMs > 0) this.stopTimer = clock.after(waitMs, () => this.loop.trigger());
    return waitMs > 0;
  }
}
