import { join } from 'path';
import { ControlPlane } from './control-plane';
import { Completed, runAs } from './run-as';

/** The real kubectl, as one user of the test's cluster. */
export class Kubectl {
  constructor(private readonly controlPlane: ControlPlane, private readonly user = 'admin') {}

  /** Runs to the end whatever the exit code. */
  public try(...args: string[]): Promise<Completed> {
    return runAs(this.user, this.controlPlane, join(this.controlPlane.binaries, 'kubectl'), args);
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
