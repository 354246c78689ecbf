import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterRoleBinding, roleBinding } from './_rbac';
import { clusterNames } from '../kubernetes/_cluster-names';
import { ownNamespaceOf } from '../kubernetes/_k8s';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { IServiceAccountRef, ServiceAccountRef } from '../kubernetes/references';
import { fieldsOf } from '../validation/_checks';
import { checkLabelName, checkLabels, checkObjectName } from '../validation/_validation';

/** Properties of `AuthDelegatorBindings`. */
export interface AuthDelegatorBindingsProps {
  /** ServiceAccount that the extension API server runs as. */
  readonly serviceAccount: IServiceAccountRef;
  /**
   * Namespace of the ServiceAccount.
   *
   * @default - the chart's namespace; where it has none, required
   */
  readonly namespace?: string;
  /**
   * Name of the server. The bindings are `<name>.<namespace>:auth-delegator` and `<name>.<namespace>:auth-reader`, but for `metrics-server` in
   * `kube-system`, whose bindings are named as in its own manifests.
   *
   * @default - the name of the ServiceAccount
   */
  readonly name?: string;
  /**
   * Labels of both bindings.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
}

const checkProps = fieldsOf<AuthDelegatorBindingsProps>({ serviceAccount: referenceTo(ServiceAccountRef, checkObjectName) }, {
  namespace: checkLabelName, name: checkObjectName, labels: checkLabels,
});

/**
 * What any extension API server needs to have its callers authenticated and authorized by Kubernetes: the ClusterRole
 * `system:auth-delegator`, and the Role `extension-apiserver-authentication-reader`, which exists in `kube-system` only.
 *
 * @example
 * new AuthDelegatorBindings(this, 'auth', {
 *   serviceAccount: ServiceAccountRef.fromName('sample-apiserver'),
 *   namespace: 'wardle',
 * });
 */
export class AuthDelegatorBindings extends Construct {
  /** ClusterRoleBinding to `system:auth-delegator`: may ask for TokenReviews and SubjectAccessReviews. */
  public readonly authDelegator: ApiObject;
  /** RoleBinding in `kube-system` to `extension-apiserver-authentication-reader`: may read the front proxy's and the clients' CA. */
  public readonly authReader: ApiObject;

  constructor(scope: Construct, id: string, props: AuthDelegatorBindingsProps) {
    super(scope, id);
    checkProps(this, '', props);
    const { serviceAccount, name = serviceAccount.name, labels } = props;
    const namespace = ownNamespaceOf(this, props.namespace);
    checkLabelName(this, 'namespace', namespace);
    checkSameNamespace(this, 'serviceAccount', serviceAccount, namespace);

    const names = clusterNames(name, namespace);
    const subject = { name: serviceAccount.name, namespace };
    this.authReader = roleBinding(
      this, 'AuthReader', { name: names.authReader, namespace: 'kube-system', labels }, 'extension-apiserver-authentication-reader', subject,
    );
    this.authDelegator = clusterRoleBinding(
      this, 'AuthDelegator', { name: names.authDelegator, labels }, 'system:auth-delegator', subject,
    );
  }
}
