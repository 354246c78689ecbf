import { FEATURES, FIELD_MANAGER } from '../../_facts/rights';
import { Clock, Random } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ObjectWatch, watchObject } from '../cluster/single-object';
import { Logger } from '../telemetry/logger';

const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Who has written which fields, and when one of these was last changed. */
interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly time?: string;
  readonly fieldsV1?: { readonly 'f:spec'?: object };
}

export interface ApiService {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly managedFields?: readonly ManagedFieldsEntry[];
  };
  readonly spec: {
    readonly service?: { readonly namespace: string; readonly name: string };
    readonly caBundle?: string;
    readonly insecureSkipTLSVerify?: boolean;
  };
}

/** Whether this program, in whatever pod, was the last to change a field of the spec. */
export function isOurs(apiService: ApiService, field: keyof ApiService['spec']): boolean {
  return entriesOf(apiService, field).some(({ manager }) => manager === FIELD_MANAGER);
}

/** Who was the last to change a field of the spec, if not this program. */
export function otherManager(apiService: ApiService, field: keyof ApiService['spec']): string | undefined {
  return entriesOf(apiService, field).find(({ manager }) => manager !== undefined && manager !== FIELD_MANAGER)?.manager;
}

/** Since when a field of the spec has been as it is, by the clock of kube-apiserver. Unix milliseconds; undefined where nobody noted it. */
export function changedMs(apiService: ApiService, field: keyof ApiService['spec']): number | undefined {
  const timesMs = entriesOf(apiService, field).flatMap(({ time }) => time === undefined ? [] : [Date.parse(time)]);
  return timesMs.length === 0 ? undefined : Math.max(...timesMs);
}

function entriesOf({ metadata: { managedFields = [] } }: ApiService, field: string): readonly ManagedFieldsEntry[] {
  return managedFields.filter(({ fieldsV1 }) => `f:${field}` in (fieldsV1?.['f:spec'] ?? {}));
}

export interface OwnApiServiceOptions {
  /** Name of the APIService, `<version>.<group>`. */
  readonly apiServiceName: string;
  /** Our Service. An APIService that points elsewhere is somebody else's and left alone. */
  readonly service: { readonly namespace: string; readonly name: string };
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Follows one APIService for as long as it points at our Service, and writes only over what it has read. */
export class OwnApiService {
  private readonly watch: ObjectWatch;
  private seen: ApiService | undefined;

  constructor(private readonly options: OwnApiServiceOptions, onChange: () => void) {
    const { apiServiceName } = options;
    this.watch = watchObject<ApiService>({
      ...options,
      path: API_SERVICES,
      name: apiServiceName,
      what: `APIService ${apiServiceName}`,
      feature: FEATURES.caBundle(apiServiceName),
      onChange: (apiService) => {
        this.seen = apiService;
        onChange();
      },
    });
  }

  /** Undefined when there is none, or when it points elsewhere. */
  public get current(): ApiService | undefined {
    const { service } = this.options;
    const target = this.seen?.spec.service;
    return target?.name === service.name && target.namespace === service.namespace ? this.seen : undefined;
  }

  public start(): void {
    this.watch.start();
  }

  public stop(): void {
    this.watch.stop();
  }

  /** kube-apiserver refuses a caBundle beside insecureSkipTLSVerify: both change in one patch. */
  public async writeTrust(spec: { readonly caBundle: string | null; readonly insecureSkipTLSVerify: boolean }): Promise<void> {
    const { options: { client, apiServiceName }, seen } = this;
    const written = await client.request<ApiService>({
      method: 'PATCH',
      path: `${API_SERVICES}/${apiServiceName}`,
      query: { fieldManager: FIELD_MANAGER },
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion: seen!.metadata.resourceVersion }, spec },
    });
    // Something else may be wanted before the watch brings this; what it has brought by now is no older.
    if (this.seen === seen) this.seen = written;
  }
}
