/** Port of each node's kubelet. */
export const KUBELET_PORT = 10250;

/** A pod as the image in it was made for; what no property says is taken from here. */
export interface PodDefaults {
  readonly imagePullPolicy: 'Always' | 'IfNotPresent';
  /** Port served when no property says otherwise. */
  readonly securePort: number;
  /** Whether the container declares its port as `https` and the Service names it; else the Service targets the number. */
  readonly namedPort: boolean;
  /** Writable directory for the certificate that the server makes for itself; absent where its own default is writable. */
  readonly certDir?: string;
  /** Probes of `/livez` and `/readyz`. */
  readonly probes: boolean;
  /** Whether the cluster is too old for them: Kubernetes took them to be what they are from 1.19 on. */
  readonly lacksSeccompProfile?: boolean;
  readonly lacksAppProtocol?: boolean;
  /** The restricted Pod Security Standard, with a read-only root and UID 1000. */
  readonly restricted: boolean;
  readonly priorityClassName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Of the rolling update. */
  readonly maxUnavailable?: number;
  /** Whether the pod template carries the server's name. */
  readonly namedTemplate: boolean;
  /** Whether the selector's labels stand on every object, not on Deployment and pods alone. */
  readonly labelEveryObject: boolean;
  /** Whether the server, started insecure, removes the caBundle that it wrote when it was verified. */
  readonly removesOwnCaBundle?: boolean;
  readonly serviceLabels?: Readonly<Record<string, string>>;
}

/** The pod of an extension API server that has no history of its own. */
export const RESTRICTED_POD: PodDefaults = {
  imagePullPolicy: 'IfNotPresent',
  securePort: 10250,
  namedPort: true,
  certDir: '/tmp',
  probes: true,
  restricted: true,
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  maxUnavailable: 0,
  namedTemplate: false,
  labelEveryObject: true,
};

/** The pod of metrics-server v0.9.0. */
export const METRICS_SERVER_POD: PodDefaults = { ...RESTRICTED_POD, priorityClassName: 'system-cluster-critical' };
