import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { MetricsReader } from './metrics-reader';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { checkFactory, refuse } from '../validation/_validation';

/** Where roles of a server are synthesized, and whether they are. */
export interface ReadingPlace {
  readonly scope: Construct;
  readonly labels: Readonly<Record<string, string>>;
  readonly rbac: boolean;
  /** The server's, in front of which roles stand in the manifest. */
  readonly deployment: ApiObject;
}

/** A right to read: a ClusterRole, from its first reader on, with the rules that there are at synth; and a binding for each reader. */
export class Reading {
  constructor(
    private readonly place: ReadingPlace, private readonly id: string, private readonly name: string, private readonly rules: () => readonly object[],
  ) {}

  public grant(reader: MetricsReader): void {
    const { place: { scope, labels, rbac, deployment }, id, name, rules } = this;
    checkFactory(scope, 'reader', reader, MetricsReader);
    reader._check(scope, 'reader');
    if (!rbac) {
      refuse(scope, {
        property: 'reader',
        given: 'a reader beside rbac: false',
        allowed: 'where roles are synthesized',
        mend: 'grant nothing here, and bind the reader where the roles are made',
      });
    }
    if (!scope.node.tryFindChild(id)) deployment.addDependency(clusterRole(scope, id, { name, labels }, Lazy.any({ produce: rules })));
    const subject = reader._subject;
    const who = 'kind' in subject ? `${subject.kind.toLowerCase()}:${subject.name}` : `serviceaccount:${subject.namespace}:${subject.name}`;
    const bindingId = `${id}Binding ${who.replaceAll('/', '--')}`;
    if (scope.node.tryFindChild(bindingId)) return;
    deployment.addDependency(clusterRoleBinding(scope, bindingId, { name: `${name}:${who.replaceAll(/[/%]/g, '-')}`, labels }, name, subject));
  }
}
