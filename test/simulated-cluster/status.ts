import { Resource } from './kube-object';

/** An error that the API answers with a `Status` object. */
export class StatusError extends Error {
  constructor(public readonly code: number, public readonly reason: string, message: string) {
    super(message);
  }

  /** The `Status` object. */
  public toStatus() {
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: this.message, reason: this.reason, code: this.code };
  }
}

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);
export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized');
export const forbidden = (message: string) => new StatusError(403, 'Forbidden', message);
export const notFound = (resource: Resource, name: string) => new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`);
export const noSuchPath = () => new StatusError(404, 'NotFound', 'the server could not find the requested resource');
export const methodNotAllowed = () => new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
export const alreadyExists = (resource: Resource, name: string) =>
  new StatusError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`);
export const conflict = (resource: Resource, name: string) =>
  new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified`);
export const expired = (message: string) => new StatusError(410, 'Expired', message);
export const invalid = (message: string) => new StatusError(422, 'Invalid', message);
export const unavailable = (message: string) => new StatusError(503, 'ServiceUnavailable', message);

function qualified({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}
