import { IConstruct } from 'constructs';
import { NamedSubject, Subject } from '../rbac/_rbac';
import { checkLabelName, checkObjectName, refuse } from '../validation/_validation';

/** Who scrapes a server, or reads what it serves: the user that kube-apiserver sees behind a token or client certificate. */
export class MetricsReader {
  /**
   * A ServiceAccount, such as Prometheus' own.
   *
   * @param name Name of the ServiceAccount
   * @param namespace Namespace of the ServiceAccount
   */
  public static serviceAccount(name: string, namespace: string): MetricsReader {
    return new MetricsReader({ name, namespace });
  }

  /**
   * A user: of a client certificate, its common name.
   *
   * @param name Name of the user
   */
  public static user(name: string): MetricsReader {
    return new MetricsReader({ kind: 'User', name });
  }

  /**
   * A group: of a client certificate, one of its organizations.
   *
   * @param name Name of the group
   */
  public static group(name: string): MetricsReader {
    return new MetricsReader({ kind: 'Group', name });
  }

  /** @internal */
  public readonly _subject: Subject | NamedSubject;

  private constructor(subject: Subject | NamedSubject) {
    this._subject = subject;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string): void {
    const subject = this._subject;
    if (!('kind' in subject)) {
      checkObjectName(scope, `${property}.name`, subject.name);
      checkLabelName(scope, `${property}.namespace`, subject.namespace);
    } else if (typeof subject.name !== 'string' || subject.name === '') {
      refuse(scope, {
        property: `${property}.name`, given: subject.name, allowed: 'a name that is not empty', mend: `name the ${subject.kind.toLowerCase()} as kube-apiserver sees it`,
      });
    }
  }
}
