import { PolicyRule, RIGHTS } from '../src/_facts/rights';
import { ApiClient } from '../src/runtime/cluster/api-client';

/** A right that the runtime needs, as `kubectl auth can-i` takes it. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

export interface Lacks {
  /** Without them there is nothing to show. */
  readonly inventory: readonly string[];
  /** A kubelet may allow more than RBAC says: it is asked anyway. */
  readonly kubelets: readonly string[];
}

/** One line for each right that the identity lacks, asked by SelfSubjectAccessReview. */
export async function missingRights(cluster: ApiClient): Promise<Lacks> {
  const [inventory, kubelets] = await Promise.all([RIGHTS.inventory(), RIGHTS.kubeletMetrics()].map(async (rules) => {
    const rights = rules.flatMap(rightsOf);
    const allowed = await Promise.all(rights.map((right) => isAllowed(cluster, right)));
    return rights.filter((_, index) => !allowed[index]).map(describe);
  }));
  return { inventory, kubelets };
}

function rightsOf({ apiGroups, resources, verbs }: PolicyRule): Right[] {
  return apiGroups.flatMap((group) => resources.flatMap((path) => verbs.map((verb) => {
    const [resource, subresource] = path.split('/');
    return { verb, group, resource, subresource };
  })));
}

async function isAllowed(cluster: ApiClient, right: Right): Promise<boolean> {
  const { status } = await cluster.request<{ status: { allowed: boolean } }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: right } },
  });
  return status.allowed;
}

function describe({ verb, resource, subresource }: Right): string {
  return `this identity may not ${verb} ${subresource ? `${resource}/${subresource}` : resource}`;
}
