import { execFile } from 'child_process';
import { mkdirSync } from 'fs';
import { join } from 'path';
import { ControlPlane } from './control-plane/control-plane';
import { KubectlResult } from './control-plane/kubectl';

/** The bash of who follows a guide: the real kubectl and helm, as the cluster's admin, in a folder with the files that the guide speaks of. */
export class Shell {
  public readonly directory: string;

  constructor(private readonly controlPlane: ControlPlane) {
    this.directory = controlPlane.path('shell');
    mkdirSync(this.directory, { recursive: true });
  }

  public path(name: string): string {
    return join(this.directory, name);
  }

  /** Runs to the end whatever the exit code. */
  public try(command: string): Promise<KubectlResult> {
    const { KUBEBUILDER_ASSETS, HELM_ASSETS, PATH } = process.env;
    const env = {
      ...process.env, PATH: `${KUBEBUILDER_ASSETS}:${HELM_ASSETS}:${PATH}`, KUBECONFIG: this.controlPlane.kubeconfig('admin'), HOME: this.controlPlane.directory,
    };
    return new Promise((resolve) => {
      execFile('bash', ['-euo', 'pipefail', '-c', command], { env, cwd: this.directory, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }

  /** Output of a command that must succeed. */
  public async run(command: string): Promise<string> {
    const { code, stdout, stderr } = await this.try(command);
    if (code !== 0) throw new Error(`${command}: exit code ${code}\n${stderr}${stdout}`);
    return stdout;
  }
}
