import { execFile } from 'child_process';
import { delimiter } from 'path';
import { ControlPlane } from './control-plane';

export interface Completed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code, where kubectl, and helm if the tests have built it, are one user of the cluster. */
export function runAs(user: string, controlPlane: ControlPlane, command: string, args: readonly string[], cwd?: string): Promise<Completed> {
  const { HELM_ASSETS, PATH } = process.env;
  const env = {
    ...process.env,
    PATH: [controlPlane.binaries, HELM_ASSETS, PATH].filter(Boolean).join(delimiter),
    KUBECONFIG: controlPlane.kubeconfig(user),
    // A cache of its own: discovery must be read from this cluster.
    HOME: controlPlane.directory,
  };
  return new Promise((resolve) => {
    execFile(command, args, { env, cwd, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
