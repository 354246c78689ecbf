/** What is approved here and nothing else. */
export const SIGNER = 'kubernetes.io/kubelet-serving';
export const SIGNING_REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

/** A certificates.k8s.io/v1 CertificateSigningRequest. */
export interface SigningRequest {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
  };
  readonly spec: {
    readonly signerName: string;
    /** Who asked, as kube-apiserver has authenticated them. */
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    /** PEM, in base64. */
    readonly request: string;
  };
  readonly status?: {
    readonly conditions?: readonly SigningRequestCondition[];
    readonly certificate?: string;
  };
}

export interface SigningRequestCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Somebody has approved or denied it, or the signer is done with it. */
export function isDecided({ status }: SigningRequest): boolean {
  return status?.certificate !== undefined || (status?.conditions ?? []).length > 0;
}

/** As it is written to its `approval` subresource. */
export function approved(request: SigningRequest, message: string): SigningRequest {
  const condition = { type: 'Approved', status: 'True', reason: 'KubeletServingApproved', message };
  return { ...request, status: { ...request.status, conditions: [...request.status?.conditions ?? [], condition] } };
}
