import { execFile } from 'child_process';
import { join } from 'path';
import { ControlPlane } from './control-plane';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl, as one user of the test's cluster. */
export class Kubectl {
  constructor(private readonly controlPlane: ControlPlane, private readonly user = 'admin') {}

  /** Runs to the end whatever the exit code. */
  public try(...args: string[]): Promise<KubectlResult> {
    // A cache of its own: discovery must be read from this cluster.
    const env = { ...process.env, KUBECONFIG: this.controlPlane.kubeconfig(this.user), HOME: this.controlPlane.directory };
    return new Promise((resolve) => {
      execFile(join(this.controlPlane.binaries, 'kubectl'), args, { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }

  /** Output of a command that must succeed. */
  public async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...args);
    if (code !== 0) {
      throw new Error(`kubectl ${args.join(' ')}: exit code ${code}\n${stderr}${stdout}`);
    }
    return stdout;
  }

  public async json<T = any>(...args: string[]): Promise<T> {
    return JSON.parse(await this.run(...args, '-o', 'json')) as T;
  }
}
