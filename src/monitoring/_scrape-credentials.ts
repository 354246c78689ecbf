import { ApiObject } from 'cdk8s';
import { NamedSubject, Subject } from '../rbac/_rbac';

/** What is scraped, and how. */
export interface ScrapeTarget {
  readonly kind: 'ServiceMonitor' | 'PodMonitor';
  /** Name of the server. */
  readonly name: string;
  /** Namespace of the monitor. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What credentials add to a monitor. */
export interface ScrapeCredentialsParts {
  readonly reader: Subject | NamedSubject;
  /** Fields of the endpoint, and of its tlsConfig. */
  readonly endpoint?: object;
  readonly tlsConfig?: object;
  readonly serviceAccount?: ApiObject;
  readonly tokenSecret?: ApiObject;
}
