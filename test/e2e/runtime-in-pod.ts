import { copyFileSync, writeFileSync } from 'fs';
import { ControlPlane } from './control-plane/control-plane';
import { Process } from './control-plane/process';

const SERVICE_ACCOUNT_DIRECTORY = '/run/secrets/kubernetes.io/serviceaccount';
const RUNTIME = 'assets/runtime/main/index.js';

/** The synthesized Deployment, as far as running its pod needs it. */
export interface Deployment {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly args: readonly string[] }[];
      };
    };
  };
}

/**
 * Starts the runtime as its pod runs it: the container's args, the ServiceAccount's token and the cluster's CA where a
 * pod finds them, the API server's address in the environment, and nothing else.
 */
export async function startRuntimeInPod(controlPlane: ControlPlane, deployment: Deployment, program = RUNTIME): Promise<Process> {
  const { namespace } = deployment.metadata;
  const { serviceAccountName, containers } = deployment.spec.template.spec;
  const tokenRequest = await controlPlane.request<{ status: { token: string } }>(
    'POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccountName}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } });
  writeFileSync(`${SERVICE_ACCOUNT_DIRECTORY}/token`, tokenRequest.status.token);
  writeFileSync(`${SERVICE_ACCOUNT_DIRECTORY}/namespace`, namespace);
  copyFileSync(controlPlane.caFile, `${SERVICE_ACCOUNT_DIRECTORY}/ca.crt`);
  return new Process('metrics-server', process.execPath, [program, ...containers[0].args], controlPlane.path(`runtime-${Date.now()}.log`), {
    PATH: process.env.PATH,
    KUBERNETES_SERVICE_HOST: controlPlane.host,
    KUBERNETES_SERVICE_PORT: String(controlPlane.port),
  });
}
