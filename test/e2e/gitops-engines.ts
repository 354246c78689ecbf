import { execFile } from 'child_process';
import { ControlPlane } from './control-plane/control-plane';

/** The program of test/gitops: Argo CD's and Flux's own engines. */
export class GitOpsEngines {
  constructor(private readonly controlPlane: ControlPlane) {}

  /** Output and error of a command that may fail. */
  public try<T = any>(...args: string[]): Promise<{ result: T; error: string }> {
    const env = { ...process.env, KUBECONFIG: this.controlPlane.kubeconfig('admin') };
    return new Promise((resolve) => {
      execFile(process.env.GITOPS_ENGINES!, args, { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
        resolve({ result: stdout ? JSON.parse(stdout) : undefined, error: error ? stderr || error.message : '' });
      });
    });
  }

  public async run<T = any>(...args: string[]): Promise<T> {
    const { result, error } = await this.try<T>(...args);
    if (error) throw new Error(`${args.join(' ')}: ${error}`);
    return result;
  }
}
