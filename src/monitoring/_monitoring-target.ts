import { SelfMetrics } from '../_facts/self-metrics';

/** A server whose own metrics are to be watched. */
export interface MonitoringTarget {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels by which a monitor finds the Service, and the pods. They never change. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** Name of the port, of Service and container alike; undefined where it has none. */
  readonly portName?: string;
  /** Known at synth: a server may come to serve more. */
  readonly selfMetrics: () => readonly SelfMetrics[];
  /** Whether nobody verifies the serving certificate. */
  readonly insecureSkipTlsVerify?: true;
  /** Secret in the server's namespace with the CA of the serving certificate, where one is known. */
  readonly caSecret?: { readonly name: string; readonly key: string };
  /** The CA certificates themselves, in PEM, where they are known. */
  readonly caBundle?: string;
  /** Annotations of objects whose kinds prometheus-operator brings. */
  readonly operatorKindAnnotations?: Readonly<Record<string, string>>;
  /** Whether roles are synthesized. */
  readonly rbac: boolean;
}
