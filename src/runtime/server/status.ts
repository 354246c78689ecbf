import { goQuote } from '../go-quote';

/** What is wrong with one field. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** What an error is about. Written in this order. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** Of the list that failed. */
export interface StatusMetadata {
  /** Asks for the rest of the list, as it is now. */
  readonly continue?: string;
}

/** A failure as meta/v1 `Status` says it. Its message is sent to the client. */
export class StatusError extends Error {
  static badRequest(message: string): StatusError {
    return new StatusError(400, 'BadRequest', message);
  }

  static unauthorized(): StatusError {
    return new StatusError(401, 'Unauthorized', 'Unauthorized');
  }

  /** `kind` is what clients know the object by: mostly the plural, `pods`. */
  static notFound(kind: string, group: string, name: string): StatusError {
    return new StatusError(404, 'NotFound', `${qualified(kind, group)} ${goQuote(name)} not found`, withoutEmpty({ name, group, kind }));
  }

  /** For a path that names nothing the server has. */
  static notFoundPath(): StatusError {
    return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
  }

  static methodNotAllowed(): StatusError {
    return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
  }

  static watchNotSupported(resource: string, group: string): StatusError {
    const message = `watch is not supported on resources of kind "${qualified(resource, group)}"`;
    return new StatusError(405, 'MethodNotAllowed', message, withoutEmpty({ group, kind: resource }));
  }

  static notAcceptable(mediaTypes: readonly string[]): StatusError {
    const message = `406: Not Acceptable\n\nAvailable representations: ${mediaTypes.join(', ')}`;
    return new StatusError(406, 'NotAcceptable', message, {});
  }

  /** For a Table or PartialObjectMetadata of something that has neither. */
  static notTransformable(message: string): StatusError {
    return new StatusError(406, 'NotAcceptable', message);
  }

  /** In kube-apiserver's words; `token` asks for the rest all the same. */
  static continueExpired(token: string): StatusError {
    const message = 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, '
      + 'or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list'
      + ' - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
    return new StatusError(410, 'Expired', message, undefined, { continue: token });
  }

  static tooManyRequests(message = 'Too many requests, please try again later.'): StatusError {
    return new StatusError(429, 'TooManyRequests', message, { retryAfterSeconds: 1 });
  }

  /** What was given can be read, and does not go together. */
  static invalid(kind: string, group: string, causes: readonly StatusCause[]): StatusError {
    const errors = causes.map(({ field, message }) => `${field}: ${message}`);
    const message = `${qualified(kind, group)} "" is invalid: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`;
    return new StatusError(422, 'Invalid', message, { group, kind, causes });
  }

  static internalError(message: string): StatusError {
    return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {});
  }

  static serviceUnavailable(message: string): StatusError {
    return new StatusError(503, 'ServiceUnavailable', message);
  }

  static timeout(): StatusError {
    return new StatusError(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {});
  }

  readonly name = 'StatusError';

  constructor(
    readonly code: number, readonly reason: string, message: string,
    readonly details?: StatusDetails, readonly metadata: StatusMetadata = {},
  ) {
    super(message);
  }

  toJSON() {
    const { message, metadata, reason, code } = this;
    return { kind: 'Status' as const, apiVersion: 'v1', metadata, status: 'Failure', message, reason, details: this.details, code };
  }
}

/** `pods.metrics.k8s.io`, or `pods` of the core group. */
export function qualified(resource: string, group: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Without the empty ones, which meta/v1 omits. */
export function withoutEmpty(all: StatusDetails): StatusDetails {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
