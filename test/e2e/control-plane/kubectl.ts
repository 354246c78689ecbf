import { execFile } from 'child_process';
import { delimiter, join } from 'path';
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
    return this.execute(join(this.controlPlane.binaries, 'kubectl'), args);
  }

  /** Output of a command that must succeed. */
  public async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...args);
    if (code !== 0) {
      throw new Error(`kubectl ${args.join(' ')}: exit code ${code}\n${stderr}${stdout}`);
    }
    return stdout;
  }

  /** Output of what a guide tells people to run in their shell. The first command that fails ends it, and what runs beside it ends with it. */
  public async shell(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.execute('bash', ['-euxo', 'pipefail', '-c', `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${script}`]);
    if (code !== 0) throw new Error(`exit code ${code}\n${stderr}${stdout}`);
    return stdout;
  }

  public async json<T = any>(...args: string[]): Promise<T> {
    return JSON.parse(await this.run(...args, '-o', 'json')) as T;
  }

  private execute(command: string, args: readonly string[]): Promise<KubectlResult> {
    const { binaries, directory } = this.controlPlane;
    // A cache of its own: discovery must be read from this cluster.
    const own = { PATH: [binaries, process.env.PATH].join(delimiter), KUBECONFIG: this.controlPlane.kubeconfig(this.user), HOME: directory };
    const env = { ...process.env, ...own };
    return new Promise((resolve) => {
      execFile(command, args, { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }
}
