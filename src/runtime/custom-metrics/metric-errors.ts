import { formatGroupResource } from './objects';
import { CustomMetricInfo, ExternalMetricInfo } from './provider';
import { Selector } from '../labels/selector';
import { StatusError } from '../server/status';

/** As messages call the API server, where metrics need it. */
export const KUBERNETES = 'kubernetes';

/** 404: there is no such metric, or it has no value for what was asked. */
export class MetricNotFoundError extends StatusError {
  /** `name` is that of the object, or `*`. */
  constructor(info: CustomMetricInfo | ExternalMetricInfo, name = '', metricSelector = Selector.everything) {
    const object = 'groupResource' in info ? ` for ${[formatGroupResource(info.groupResource), name].filter(Boolean).join(' ')}` : '';
    const selected = metricSelector.isEverything ? '' : ` with selector ${metricSelector}`;
    super(404, 'NotFound', `the server could not find the metric ${info.metric}${object}${selected}`);
  }
}

/** 503: where the metric comes from does not answer. The message says which source, and why: it is what people read in the autoscaler's events. */
export class SourceUnavailableError extends StatusError {
  constructor(message: string, retryAfterSeconds?: number) {
    super(503, 'ServiceUnavailable', message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });
  }
}
