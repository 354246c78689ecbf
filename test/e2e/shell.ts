import { mkdirSync } from 'fs';
import { join } from 'path';
import { ControlPlane } from './control-plane/control-plane';
import { Completed, runAs } from './control-plane/run-as';

/** What runs beside the commands ends with them. */
const TRAP = 'trap \'kill $(jobs -p) 2>/dev/null || true\' EXIT';

/** The bash of who follows a guide: the real kubectl and helm, as the cluster's admin, in a folder with the files that the guide speaks of. */
export class Shell {
  private readonly directory: string;

  constructor(private readonly controlPlane: ControlPlane) {
    this.directory = controlPlane.path('shell');
    mkdirSync(this.directory, { recursive: true });
  }

  public path(name: string): string {
    return join(this.directory, name);
  }

  /** Runs the commands until one fails. Errors are below the command that they are of. */
  public try(...commands: readonly string[]): Promise<Completed> {
    return runAs('admin', this.controlPlane, 'bash', ['-euxo', 'pipefail', '-c', [TRAP, ...commands].join('\n')], this.directory);
  }

  /** Output of commands that must succeed. */
  public async run(...commands: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(...commands);
    if (code !== 0) throw new Error(`exit code ${code}\n${stderr}${stdout}`);
    return stdout;
  }
}
