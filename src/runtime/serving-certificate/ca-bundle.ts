import { Stop } from '../clock';
import { ApiService, changedMs, isOurs, otherManager, OwnApiService, OwnApiServiceOptions } from './own-api-service';
import { isOwnCa } from './own-ca';
import { MAX_PAUSE_MS, OVERLAP_MS } from './rotation';
import { certificatesOf } from './serving-secret';
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
  /** What stood there before ours, or stands beside it: it may verify pods that serve yet. */
  private beside = '';
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
   * they cannot be verified. A CA that was trusted when ours came stays beside it until then, and for a day at least, as our own do: that
   * costs nothing, and a rollout may take longer than anybody guesses.
   */
  public settle(): void {
    this.settledMs = this.options.clock.now();
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
    const isThere = standing.includes(wanted);
    const leftMs = isThere ? this.overlapLeftMs(current) : Infinity;
    // During the overlap others may stand beside ours, or no longer: replicas that do not agree yet would undo each other's writes.
    const mayStand = isThere && this.inPlace === wanted && leftMs > 0;
    if (leftMs <= 0) this.beside = '';
    else if (this.inPlace === undefined || mayStand) this.beside = standing;
    const caBundle = withOthers(wanted, this.beside);
    if (standing === caBundle || mayStand) {
      this.inPlace = wanted;
      this.standBackUntilMs = undefined;
      if (standing !== wanted) this.lookAgainIn(leftMs);
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

  /** Counted from what outlives pods: where they live for less than a day, it would never end. */
  private overlapLeftMs(current: ApiService): number {
    const { settledMs, options: { clock } } = this;
    return settledMs === undefined ? Infinity : (changedMs(current, 'caBundle') ?? settledMs) + OVERLAP_MS - clock.now();
  }

  private lookAgainIn(leftMs: number): void {
    this.stopOverlap?.();
    this.stopOverlap = this.options.clock.after(Math.min(leftMs, MAX_PAUSE_MS), () => this.loop.trigger());
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

/**
 * The certificates that stand there follow ours, except those that we made ourselves: which of these count, the Secret says. The key of one
 * that it holds no longer may have leaked.
 */
function withOthers(wanted: string, standing: string): string {
  const others = certificatesOf(standing).filter((pem) => !wanted.includes(pem.trim()) && !isOwnCa(pem));
  return others.length === 0 ? wanted : [wanted, ...others].map((pem) => `${pem.trimEnd()}\n`).join('');
}
