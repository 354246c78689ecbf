import { UserInfo } from '../../src/runtime/server/user';

export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
export const ADMIN = userNamed('kubernetes-admin', ['system:masters']);

/** What is asked of authorization, as in a SubjectAccessReview. */
export interface Attributes {
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Of a request that names no resource. */
  readonly path?: string;
}

/** Says who a token stands for and what a user may do: TokenReview and SubjectAccessReview. */
export interface Reviewer {
  /** Undefined when the token is nobody's. */
  authenticate(token: string): Promise<UserInfo | undefined>;
  authorize(user: UserInfo, attributes: Attributes): Promise<boolean>;
}

/** A user with the groups that the name implies too: those of a service account, and being authenticated. */
export function userNamed(name: string, groups: readonly string[] = []): UserInfo {
  const namespace = /^system:serviceaccount:([^:]+):/.exec(name)?.[1];
  const implied = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return { name, groups: [...new Set([...groups, ...implied, 'system:authenticated'])] };
}
