import { SourceUnavailableError } from '../custom-metrics/metric-errors';
import { SourceError } from '../prometheus/source-error';
import { StatusError } from '../server/status';

/** The other's Status with its name. That it does not let us in is nothing that who asks us could mend by other credentials. */
export function adapterStatus(error: SourceError): StatusError {
  const { source, problem, status, code } = error;
  if (code === 401 || code === 403) return new SourceUnavailableError(`source ${source} does not let this adapter in: HTTP ${code}: ${problem}`);
  if (!status || code === undefined) return error.toStatus();
  const { retryAfterSeconds } = status.details ?? {};
  return new StatusError(code, status.reason ?? '', `source ${source}: ${problem}`, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });
}
