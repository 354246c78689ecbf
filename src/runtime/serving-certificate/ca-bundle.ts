import { FIELD_MANAGER } from '../../_facts/rights';
import { Clock, Random } from '../clock';
import { ReconcileLoop } from './reconcile-loop';
import { ApiClient } from '../cluster/api-client';
import { ObjectWatch, watchObject } from '../cluster/single-object';
import { Logger } from '../telemetry/logger';

const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

interface ApiService {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: {
    readonly service?: { readonly namespace: string; readonly name: string };
    readonly caBundle?: string;
  };
}

export interface CaBundleOptions {
  /** Name of the APIService, `<version>.<group>`. */
  readonly apiServiceName: string;
  /** The Service whose CA this is. An APIService that points elsewhere is somebody else's and left alone. */
  readonly service: { readonly namespace: string; readonly name: string };
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Keeps `caBundle` of one APIService equal to the CA that signed what we serve, whoever changes it. */
export class CaBundle {
  private readonly loop: ReconcileLoop;
  private readonly watch: ObjectWatch;
  private apiService: ApiService | undefined;
  private wanted: string | undefined;

  constructor(private readonly options: CaBundleOptions) {
    const { apiServiceName, clock, random, logger } = options;
    this.loop = new ReconcileLoop({ what: `caBundle of APIService ${apiServiceName}`, reconcile: () => this.reconcile(), clock, random, logger });
    this.watch = watchObject<ApiService>({
      ...options,
      path: API_SERVICES,
      name: apiServiceName,
      what: `APIService ${apiServiceName}`,
      onChange: (apiService) => {
        this.apiService = apiService;
        this.loop.trigger();
      },
    });
  }

  /** Takes effect at once and for as long as it runs. */
  public want(pem: string): void {
    this.wanted = Buffer.from(pem).toString('base64');
    this.loop.trigger();
  }

  public start(): void {
    this.watch.start();
  }

  public stop(): void {
    this.watch.stop();
    this.loop.stop();
  }

  private async reconcile(): Promise<void> {
    const { apiServiceName, service, client, logger } = this.options;
    const spec = this.apiService?.spec;
    if (this.wanted === undefined || spec?.service?.name !== service.name || spec.service.namespace !== service.namespace
      || spec.caBundle === this.wanted) {
      return;
    }
    await client.request({
      method: 'PATCH',
      path: `${API_SERVICES}/${apiServiceName}`,
      query: { fieldManager: FIELD_MANAGER },
      contentType: 'application/merge-patch+json',
      // kube-apiserver refuses a caBundle beside insecureSkipTLSVerify: both change in one patch.
      body: {
        metadata: { resourceVersion: this.apiService!.metadata.resourceVersion },
        spec: { caBundle: this.wanted, insecureSkipTLSVerify: false },
      },
    });
    logger.info('Filled caBundle', { apiService: apiServiceName });
  }
}
