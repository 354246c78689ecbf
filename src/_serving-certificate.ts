import { ApiObject } from 'cdk8s';
import { PolicyRule } from './_facts/rights';
import { Subject } from './_rbac';

/** What a serving certificate is for. */
export interface ServingCertificateTarget {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: Subject;
  readonly apiServiceNames: readonly string[];
  /** Writable directory in the container; absent where the server's own default is writable. */
  readonly certDir?: string;
  /** Whether the server, started insecure, removes the caBundle that it wrote when it was verified. */
  readonly removesOwnCaBundle?: boolean;
}

/** What a serving certificate adds to the server and to its APIServices. */
export interface ServingCertificateParts {
  readonly args: readonly string[];
  readonly clusterRules: readonly PolicyRule[];
  readonly insecureSkipTlsVerify: boolean;
  readonly secret?: ApiObject;
  readonly role?: ApiObject;
  readonly roleBinding?: ApiObject;
}
