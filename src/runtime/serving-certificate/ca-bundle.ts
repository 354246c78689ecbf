import { OwnApiService, OwnApiServiceOptions } from './own-api-service';
import { ReconcileLoop } from './reconcile-loop';
import { FEATURES } from '../../_facts/rights';

/** Keeps `caBundle` of one APIService equal to the CA that signed what we serve, whoever changes it. */
export class CaBundle {
  private readonly loop: ReconcileLoop;
  private readonly apiService: OwnApiService;
  private wanted: string | undefined;
  private settled = false;

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
    this.wanted = Buffer.from(pem).toString('base64');
    this.loop.trigger();
  }

  /**
   * The pods that served before us have gone. Until then an API that nobody verified stays so: they cannot be verified,
   * and still get requests.
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
  }

  private async reconcile(): Promise<void> {
    const { current } = this.apiService;
    if (this.wanted === undefined || current === undefined || current.spec.caBundle === this.wanted) {
      return;
    }
    if (current.spec.insecureSkipTLSVerify && !this.settled) {
      return;
    }
    await this.apiService.writeTrust({ caBundle: this.wanted, insecureSkipTLSVerify: false });
    this.options.logger.info('Filled caBundle', { apiService: this.options.apiServiceName });
  }
}
