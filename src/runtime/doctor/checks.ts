import { Check } from './check';
import { API_SERVER } from './checks/api-server';
import { API_SERVICE_AVAILABLE, API_SERVICE_REGISTERED } from './checks/api-services';
import { AUTOSCALER_API_SERVICES } from './checks/autoscaler-api-services';
import { CA_BUNDLE } from './checks/ca-bundle';
import { KUBELET_AUTHORIZATION, KUBELET_CERTIFICATE, KUBELET_PAGE, KUBELET_REACHABLE } from './checks/kubelets';
import { METRICS } from './checks/metrics';
import { NETWORK_PATH } from './checks/network-path';
import { REQUEST_HEADER_CA, REQUEST_HEADER_CA_SEPARATE } from './checks/request-headers';
import { ANONYMOUS_ADMIN, SERVER_RIGHTS, YOUR_RIGHTS } from './checks/rights';
import { SERVER_FLAGS } from './checks/server-flags';
import { ENDPOINTS, SERVICE } from './checks/service';
import { SERVING_SECRET } from './checks/serving-secret';

/** Every check, in the order in which a request and its figures travel. The doctor and docs/doctor.md read this one list. */
export const CHECKS: readonly Check[] = [
  API_SERVER,
  REQUEST_HEADER_CA, REQUEST_HEADER_CA_SEPARATE, ANONYMOUS_ADMIN,
  API_SERVICE_REGISTERED, API_SERVICE_AVAILABLE,
  SERVICE, ENDPOINTS, SERVER_FLAGS, NETWORK_PATH,
  CA_BUNDLE, SERVING_SECRET,
  SERVER_RIGHTS, YOUR_RIGHTS,
  KUBELET_REACHABLE, KUBELET_CERTIFICATE, KUBELET_AUTHORIZATION, KUBELET_PAGE,
  METRICS,
  AUTOSCALER_API_SERVICES,
];
