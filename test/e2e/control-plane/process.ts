import { ChildProcess, spawn } from 'child_process';
import { createWriteStream, readFileSync } from 'fs';

/** A program that a test started and stops again, by its process id. Its output goes to a log file. */
export class Process {
  public readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(
    private readonly name: string, command: string, args: readonly string[],
    private readonly logFile: string, env: NodeJS.ProcessEnv = process.env,
  ) {
    const log = createWriteStream(logFile, { flags: 'a' });
    this.child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.pipe(log, { end: false });
    this.child.stderr!.pipe(log, { end: false });
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        log.end();
        resolve(code);
      });
    });
    this.exited.catch(() => undefined);
  }

  public get pid(): number {
    return this.child.pid!;
  }

  public get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the process, by force after `graceMs`, and gives its exit code. */
  public async stop(graceMs = 10_000): Promise<number | null> {
    this.signal('SIGTERM');
    const force = setTimeout(() => this.signal('SIGKILL'), graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(force);
    }
  }

  public log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** The end of the log, for the message of a failed expectation. */
  public tail(lines = 20): string {
    return `${this.name}:\n${this.log().trimEnd().split('\n').slice(-lines).join('\n')}`;
  }
}
