import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { PolicyRule } from '../_facts/rights';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { clusterNames } from '../kubernetes/_cluster-names';
import { clusterRole, clusterRoleBinding, role, roleBinding } from '../rbac/_rbac';

/** The right of an adapter to read what metrics are made of: one role for each namespace, one for all of them. */
export class ObjectReading {
  private readonly rules = new Map<string | undefined, PolicyRule[]>();

  constructor(private readonly scope: Construct, private readonly server: ExtensionApiServer) {}

  /** Without a namespace, the right is for all of them. */
  public grant(namespace: string | undefined, rule: PolicyRule): void {
    const known = this.rules.get(namespace);
    if (!known) this.addRole(namespace, [rule]);
    else if (!known.some((one) => JSON.stringify(one) === JSON.stringify(rule))) known.push(rule);
  }

  private addRole(namespace: string | undefined, rules: PolicyRule[]): void {
    this.rules.set(namespace, rules);
    const { scope, server } = this;
    const metadata = { name: clusterNames(server.name, server.namespace).metricObjects, labels: server._labels };
    const subject = { name: server.serviceAccountRef.name, namespace: server.namespace };
    const produced = Lazy.any({ produce: () => rules });
    if (namespace === undefined) {
      server.deployment.addDependency(
        clusterRole(scope, 'MetricObjects', metadata, produced),
        clusterRoleBinding(scope, 'MetricObjectsBinding', metadata, metadata.name, subject),
      );
    } else {
      server.deployment.addDependency(
        role(scope, `MetricObjects ${namespace}`, { ...metadata, namespace }, produced),
        roleBinding(scope, `MetricObjectsBinding ${namespace}`, { ...metadata, namespace }, metadata.name, subject),
      );
    }
  }
}
