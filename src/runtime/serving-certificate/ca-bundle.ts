import { Stop } from '../clock';
import { ApiService, isOurs, otherManager, OwnApiService, OwnApiServiceOptions } from './own-api-service';
import { FEATURES } from '../../_facts/rights';
import { OVERLAP_MS } from './rotation';
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
  private settledMs: number | undefined;
  /** Of ours, what has stood there. */
  private inPlace: string | undefined;
  private standBackUntilMs: number | undefined;
  private stopTimer: Stop | undefined;
  private stopOverlap: Stop | undefined;

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
   * The pods that served before us have probably gone. Until then they still get requests: an API that nobody verified stays so, since
   * they cannot be verified. A CA that was trusted when we came stays beside ours for a day more, as our own do: that costs nothing, and
   * a rollout may take longer than anybody guesses.
   */
  public settle(): void {
    const { clock } = this.options;
    this.settledMs = clock.now();
    this.stopOverlap = clock.after(OVERLAP_MS, () => this.loop.trigger());
    this.loop.trigger();
  }

  public start(): void {
    this.apiService.start();
  }

  public stop(): void {
    this.apiService.stop();
    this.loop.stop();
    this.stopTimer?.();
    this.stopOverlap?.();
  }

  private async reconcile(): Promise<void> {
    const { wanted, apiService: { current } } = this;
    if (wanted === undefined || current === undefined) {
      return;
    }
    const standing = Buffer.from(current.spec.caBundle ?? '', 'base64').toString();
    // Without ours, which a pod that ended early may have left there.
    if (this.inPlace === undefined) this.trustedBefore = standing.replace(wanted, '').trim();
    const caBundle = this.caBundle(wanted);
    if (standing === caBundle || this.mayStand(standing, wanted)) {
      this.inPlace = wanted;
      this.standBackUntilMs = undefined;
      return;
    }
    if (current.spec.insecureSkipTLSVerify && (this.standsBack(current) || this.settledMs === undefined)) {
      return;
    }
    await this.apiService.writeTrust({ caBundle: Buffer.from(caBundle).toString('base64'), insecureSkipTLSVerify: false });
    this.tell(current);
    this.inPlace = wanted;
    this.standBackUntilMs = undefined;
  }

  /** Somebody else who fills it in does so again and again: whose CA stands there is by chance then, and requests fail meanwhile. */
  private tell(before: ApiService): void {
    const { logger, apiServiceName: apiService } = this.options;
    const changedBy = this.inPlace === undefined || before.spec.caBundle === undefined ? undefined : otherManager(before, 'caBundle');
    if (changedBy === undefined) logger.info('Filled caBundle', { apiService });
    else logger.warn('Filled caBundle again, which another had changed', { apiService, changedBy });
  }

  private caBundle(wanted: string): string {
    return this.trustedBefore === '' || this.overlapIsOver() ? wanted : `${wanted.trimEnd()}\n${this.trustedBefore}\n`;
  }

  /** During the overlap others may stand beside ours, or no longer: replicas that started at other times would undo each other's writes. */
  private mayStand(standing: string, wanted: string): boolean {
    return this.inPlace === wanted && !this.overlapIsOver() && standing.includes(wanted);
  }

  private overlapIsOver(): boolean {
    return this.settledMs !== undefined && this.options.clock.now() >= this.settledMs + OVERLAP_MS;
  }

  private standsBack(current: ApiService): boolean {
    if (this.inPlace === undefined || !isOurs(current, 'insecureSkipTLSVerify')) {
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
