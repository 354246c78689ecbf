import { resourceNames } from './metric-list';
import { parseGroupResource } from '../custom-metrics/objects';
import { CustomMetricInfo, ExternalMetricInfo } from '../custom-metrics/provider';
import { HttpDocument, Prometheus } from '../prometheus/prometheus-client';
import { SourceError } from '../prometheus/source-error';

const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
/** The one that says most comes first. */
const CUSTOM = ['/apis/custom.metrics.k8s.io/v1beta2', '/apis/custom.metrics.k8s.io/v1beta1'];

/** prometheus-adapter lists some thousands of metrics. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_METRICS = 10_000;

/** What custom-metrics-apiserver lists where there is nothing to list. */
const PLACEHOLDER = 'externalmetrics';

/** What another adapter serves, by its own discovery. The lists are the same arrays as long as nothing changes. */
export class AdapterList {
  custom: readonly CustomMetricInfo[] = [];
  external: readonly ExternalMetricInfo[] = [];
  /** Where its custom metrics are. */
  customRoot = CUSTOM[0];
  private known = '';

  constructor(private readonly adapter: Pick<Prometheus, 'document'>) {}

  /** An API that it does not have lists nothing. @throws SourceError, or an Error with what is wrong with the answer */
  async update(signal: AbortSignal): Promise<void> {
    const [external, newer, older] = await Promise.all([EXTERNAL, ...CUSTOM].map((path) => this.names(path, signal)));
    const custom = newer ?? older ?? [];
    this.customRoot = newer || !older ? CUSTOM[0] : CUSTOM[1];
    const known = JSON.stringify([custom, external]);
    if (known === this.known) return;
    this.known = known;
    this.custom = custom.slice(0, MAX_METRICS).flatMap(({ name, namespaced }) => {
      const slash = name.indexOf('/');
      return slash < 1 ? [] : [{ groupResource: parseGroupResource(name.slice(0, slash)), namespaced, metric: name.slice(slash + 1) }];
    });
    this.external = (external ?? []).slice(0, MAX_METRICS).flatMap(({ name }) => name === PLACEHOLDER ? [] : [{ metric: name }]);
  }

  private async names(path: string, signal: AbortSignal): Promise<ReturnType<typeof resourceNames> | undefined> {
    let document: HttpDocument;
    try {
      document = await this.adapter.document(path, MAX_BYTES, signal);
    } catch (error) {
      if (error instanceof SourceError && error.code === 404) return undefined;
      throw error;
    }
    return resourceNames(document.text);
  }
}
