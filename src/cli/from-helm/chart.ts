import { Values } from './values';

/** The Helm chart whose values are read: its last release. */
export const CHART = { name: 'metrics-server', version: '3.13.1', appVersion: '0.8.1' } as const;

/** A release of the chart: where it stands, and what its objects are called. */
export interface Release {
  readonly name: string;
  /** Of its objects. */
  readonly namespace: string;
  /** Where Helm keeps its record: the release's own, which `namespaceOverride` does not change. */
  readonly recordNamespace: string;
  /** Name of Deployment, Service and most other objects. */
  readonly fullname: string;
  /** Labels that its Deployment and Service select pods by. A Deployment's selector cannot be changed. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  /** Version of metrics-server that its chart is of, without a `v`; undefined where nobody said it. */
  readonly appVersion?: string;
}

export interface ReleaseOptions {
  readonly name: string;
  /** Helm's, of its record. */
  readonly namespace: string;
  readonly appVersion?: string;
}

/** What the chart's templates make of a release's name. */
export function releaseOf({ name, namespace, appVersion }: ReleaseOptions, values: Values): Release {
  const chart = shortened(values.text('nameOverride') || CHART.name);
  const fullname = shortened(values.text('fullnameOverride') || (name.includes(chart) ? name : `${name}-${chart}`));
  return {
    name,
    namespace: values.text('namespaceOverride') || namespace,
    recordNamespace: namespace,
    fullname,
    selectorLabels: { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': name },
    serviceAccountName: values.text('serviceAccount.name') || (values.boolean('serviceAccount.create') ? fullname : 'default'),
    appVersion,
  };
}

function shortened(name: string): string {
  return name.slice(0, 63).replace(/-$/, '');
}
