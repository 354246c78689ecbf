import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { PolicyRule } from '../_facts/rights';
import { clusterRole, clusterRoleBinding, NamedSubject, Subject } from '../rbac/_rbac';

/** The right to read metrics: a ClusterRole with those that are declared until synth, and a binding for each reader. */
export class MetricsReading {
  constructor(
    private readonly scope: Construct, private readonly name: string, private readonly labels: Readonly<Record<string, string>>,
    private readonly rules: () => readonly PolicyRule[],
  ) {}

  public grant(reader: Subject | NamedSubject): void {
    const { scope, name, labels, rules } = this;
    if (!scope.node.tryFindChild('MetricsReader')) {
      clusterRole(scope, 'MetricsReader', { name, labels }, Lazy.any({ produce: rules }));
    }
    const who = 'kind' in reader ? `${reader.kind.toLowerCase()}:${reader.name}` : `serviceaccount:${reader.namespace}:${reader.name}`;
    const id = `MetricsReaderBinding ${who.replaceAll('/', '--')}`;
    if (scope.node.tryFindChild(id)) return;
    clusterRoleBinding(scope, id, { name: `${name}:${who.replaceAll(/[/%]/g, '-')}`, labels }, name, reader);
  }
}
