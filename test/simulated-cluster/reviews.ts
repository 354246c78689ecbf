import { Attributes, Reviewer } from './user';
import { UserInfo } from '../../src/runtime/server/user';

/** A review as POSTed; the API server answers with the same object and a status. */
export interface Review {
  readonly spec: any;
  readonly [field: string]: unknown;
}

export async function reviewToken(review: Review, reviewer: Reviewer): Promise<object> {
  const user = await reviewer.authenticate(review.spec?.token ?? '');
  const status = user
    ? { authenticated: true, user: { username: user.name, uid: user.uid, groups: user.groups, extra: user.extra } }
    : { user: {}, error: 'the token is unknown or has expired' };
  return { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: review.spec, status };
}

/** Tells who asks. */
export function reviewSelf({ name, groups }: UserInfo): object {
  return {
    kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, status: { userInfo: { username: name, groups } },
  };
}

/** Of the user that the review names, or of the one who asks when it is a SelfSubjectAccessReview. */
export async function reviewAccess(review: Review, reviewer: Reviewer, asker?: UserInfo): Promise<object> {
  const { spec } = review;
  const user = asker ?? { name: spec?.user ?? '', groups: spec?.groups ?? [] };
  return {
    kind: asker ? 'SelfSubjectAccessReview' : 'SubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed: await reviewer.authorize(user, attributesOf(spec ?? {})) },
  };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: any): Attributes {
  return resourceAttributes ?? { verb: nonResourceAttributes?.verb ?? '', path: nonResourceAttributes?.path ?? '' };
}
