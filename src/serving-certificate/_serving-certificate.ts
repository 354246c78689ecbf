import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { PolicyRule } from '../_facts/rights';
import { WireVolume } from '../kubernetes/_k8s';
import { Subject } from '../rbac/_rbac';

/** What a serving certificate is for. */
export interface ServingCertificateTarget {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: Subject;
  /** Whether roles are synthesized. */
  readonly rbac: boolean;
  /** Writable directory in the container; absent where the server's own default is writable. */
  readonly certDir?: string;
  /** Whether the server, started insecure, removes the caBundle that it wrote when it was verified. */
  readonly removesOwnCaBundle?: boolean;
}

/** What a serving certificate adds to the server and to its APIServices. */
export interface ServingCertificateParts {
  readonly args: readonly string[];
  /** Rights for the APIServices of these names, and for those that lead elsewhere. */
  readonly apiServiceRules?: (apiServiceNames: readonly string[], elsewhere: readonly string[]) => readonly PolicyRule[];
  /** Volume with the certificate and its key. */
  readonly volume?: { readonly source: WireVolume; readonly mountPath: string };
  readonly insecureSkipTlsVerify?: true;
  readonly caBundle?: string;
  readonly apiServiceAnnotations?: Readonly<Record<string, string>>;
  /** Secret in the server's namespace with the CA that signs the certificate, where a key of it is known to hold it. */
  readonly caSecret?: { readonly name: string; readonly key: string };
  readonly secret?: ApiObject;
  readonly role?: ApiObject;
  readonly roleBinding?: ApiObject;
  readonly certManager?: CertManagerObjects;
}

/** cert-manager's objects. Those of the CA are missing where someone else's issuer signs. */
export interface CertManagerObjects {
  readonly certificate: ApiObject;
  readonly caIssuer?: ApiObject;
  readonly caCertificate?: ApiObject;
  readonly selfSignedIssuer?: ApiObject;
}

/** Synthesizes what a way to serve over TLS needs, and refuses options that cannot be. */
export type ServingCertificateBinding = (scope: Construct, target: ServingCertificateTarget) => ServingCertificateParts;
