import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

type Cleanup = () => void | Promise<void>;

/** What one run has on the machine: a directory, and what was started. */
export class Scope {
  /** For certificates, keys and kubeconfigs. */
  public readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'metrics-server-start-'));
  private readonly cleanups: Cleanup[] = [];
  private closed = false;

  constructor() {
    // However the process ends, short of being killed.
    process.once('exit', this.removeDirectory);
  }

  /** Calls back when the run ends, last come first; at once when it has ended already. */
  public onClose(cleanup: Cleanup): void {
    if (this.closed) void cleanup();
    else this.cleanups.unshift(cleanup);
  }

  public async close(): Promise<void> {
    this.closed = true;
    for (const cleanup of this.cleanups) await cleanup();
    this.removeDirectory();
  }

  private readonly removeDirectory = () => fs.rmSync(this.directory, { recursive: true, force: true });
}
