/** Status of a failed request, as meta.k8s.io/v1 has it. */
export interface ApiStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: ApiStatusDetails;
}

export interface ApiStatusDetails {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
}

/** The API server answered with a failure. */
export class ApiError extends Error {
  readonly name = 'ApiError';
  readonly code: number;
  /** `Forbidden`, `Expired`, `Conflict` or the like; empty when the answer was no Status. */
  readonly reason: string;
  readonly details?: ApiStatusDetails;
  /** From the Retry-After header or the Status. */
  readonly retryAfterSeconds?: number;

  constructor(status: ApiStatus, httpCode: number, retryAfter?: string) {
    super(status.message || `the API server answered with code ${status.code ?? httpCode}`);
    this.code = status.code || httpCode;
    this.reason = status.reason ?? '';
    this.details = status.details;
    this.retryAfterSeconds = seconds(retryAfter) ?? status.details?.retryAfterSeconds;
  }
}

/** The error that a response's body tells of: a Status, or whatever something between us and the API server said. */
export function apiErrorFrom(httpCode: number, body: string, retryAfter?: string): ApiError {
  return new ApiError(statusOf(body) ?? { message: foreignMessage(httpCode, body) }, httpCode, retryAfter);
}

function statusOf(body: string): ApiStatus | undefined {
  try {
    const value: { kind?: unknown } | null = JSON.parse(body);
    return value?.kind === 'Status' ? value as ApiStatus : undefined;
  } catch {
    return undefined;
  }
}

function foreignMessage(httpCode: number, body: string): string {
  const line = body.trim().split('\n', 1)[0].slice(0, 200);
  return `the API server answered with code ${httpCode}${line && `: ${line}`}`;
}

/** Kubernetes sends seconds, never a date. */
function seconds(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
