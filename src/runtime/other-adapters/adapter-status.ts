import { SourceError } from '../prometheus/source-error';
import { StatusError } from '../server/status';

/** The other's Status, said to be of whom. That it does not let us in is nothing that who asks us could mend by other credentials. */
export function adapterStatus(error: SourceError): StatusError {
  const { message, reason, status, code } = error;
  if (!status || code === undefined || reason === 'unauthorized') return error.toStatus();
  const { retryAfterSeconds } = status.details ?? {};
  return new StatusError(code, status.reason ?? '', message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });
}
