import { API_SERVER_FAULTS } from './api-server-faults';
import { AUDIT_FAULTS } from './audit-faults';
import { CERTIFICATE_FAULTS } from './certificate-faults';
import { CLIENT_FAULTS } from './client-faults';
import { Fault } from './fault';
import { KUBELET_FAULTS } from './kubelet-faults';
import { REVIEW_FAULTS } from './review-faults';

/** Every fault, by what is at fault. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  'Kubelets': KUBELET_FAULTS,
  'API server': API_SERVER_FAULTS,
  'Clients': CLIENT_FAULTS,
  'Reviews': REVIEW_FAULTS,
  'Certificates': CERTIFICATE_FAULTS,
  'Audit log': AUDIT_FAULTS,
};
