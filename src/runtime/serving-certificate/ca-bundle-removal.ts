import { Stop } from '../clock';
import { isOurs, OwnApiService, OwnApiServiceOptions } from './own-api-service';
import { FEATURES } from '../../_facts/rights';
import { ReconcileLoop } from '../cluster/reconcile-loop';

/** Older replicas that have not seen their CA in place yet fill it in as often as they see it gone. */
const MIN_INTERVAL_MS = 10_000;

/**
 * Removes the `caBundle` that an earlier, verified run of this program wrote into one APIService, and has verification
 * skipped instead: while it stands, kube-apiserver refuses the manifest that asks for that. A CA that somebody else wrote stays.
 */
export class CaBundleRemoval {
  private readonly loop: ReconcileLoop;
  private readonly apiService: OwnApiService;
  private notBeforeMs = 0;
  private stopTimer: Stop | undefined;

  constructor(private readonly options: OwnApiServiceOptions) {
    this.loop = new ReconcileLoop({
      ...options,
      feature: FEATURES.caBundle(options.apiServiceName),
      what: `Removing caBundle of APIService ${options.apiServiceName}`,
      reconcile: () => this.reconcile(),
    });
    this.apiService = new OwnApiService(options, () => this.loop.trigger());
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
    const { options: { clock, logger, apiServiceName }, apiService } = this;
    const { current } = apiService;
    if (!current?.spec.caBundle || !isOurs(current, 'caBundle')) {
      return;
    }
    const waitMs = this.notBeforeMs - clock.now();
    if (waitMs > 0) {
      this.stopTimer?.();
      this.stopTimer = clock.after(waitMs, () => this.loop.trigger());
      return;
    }
    await apiService.writeTrust({ caBundle: null, insecureSkipTLSVerify: true });
    this.notBeforeMs = clock.now() + MIN_INTERVAL_MS;
    logger.info('Removed own caBundle; this API is no longer verified', { apiService: apiServiceName });
  }
}
