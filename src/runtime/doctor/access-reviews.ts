import { ClusterReader, Seen } from './cluster-reader';
import { Feature, PolicyRule } from '../../_facts/rights';

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

interface ResourceAttributes {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
}

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

/** Asks kube-apiserver whether somebody may do something. */
export type Allowed = (attributes: ResourceAttributes) => Promise<Seen<Review>>;

/** For whoever asks. */
export function selfReview(reader: ClusterReader): Allowed {
  return (resourceAttributes) => reader.review(`${AUTHORIZATION}/selfsubjectaccessreviews`, reviewed('SelfSubjectAccessReview', { resourceAttributes }));
}

/** For a ServiceAccount, by its user name. */
export function reviewOf(user: string, reader: ClusterReader): Allowed {
  const namespace = user.split(':')[2];
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return (resourceAttributes) => reader.review(`${AUTHORIZATION}/subjectaccessreviews`, reviewed('SubjectAccessReview', { user, groups, resourceAttributes }));
}

function reviewed(kind: string, spec: object): object {
  return { apiVersion: 'authorization.k8s.io/v1', kind, spec };
}

/** `get nodes/metrics` and the like, for each right of a feature that is missing. */
export async function missingOf({ rules, namespace }: Feature, allowed: Allowed): Promise<Seen<string[]>> {
  const missing: string[] = [];
  for (const attributes of rules.flatMap((rule) => attributesOf(rule, namespace))) {
    const review = await allowed(attributes);
    if (review.why !== undefined) return review;
    const { verb, resource, subresource, name } = attributes;
    if (!review.object.status?.allowed) missing.push([verb, subresource ? `${resource}/${subresource}` : resource, name].filter(Boolean).join(' '));
  }
  return { object: missing };
}

function attributesOf({ apiGroups, resources, resourceNames = [''], verbs }: PolicyRule, namespace: string | undefined): ResourceAttributes[] {
  return apiGroups.flatMap((group) => resources.flatMap((path) => resourceNames.flatMap((name) => verbs.map((verb) => {
    const [resource, subresource] = path.split('/');
    return { verb, group, resource, subresource, name: name || undefined, namespace };
  }))));
}
