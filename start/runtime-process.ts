import { ChildProcess, spawn } from 'node:child_process';
import { Failure } from './failure';
import { RUNTIME_BUNDLE } from './runtime-bundle';
import { Scope } from './scope';

/** Lines of the runtime's log that a failure shows. */
const LAST_LINES = 10;
/** What a pod gets by default is 30 s; the runtime needs less than 3. */
const GRACE_MS = 5_000;

/** The runtime in a process of its own; it ends with the scope. */
export class RuntimeProcess {
  /** Never resolves; rejects when the runtime ends by itself. */
  public readonly failed: Promise<never>;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private lastLines: string[] = [];

  constructor(args: readonly string[], scope: Scope) {
    this.child = spawn(process.execPath, [RUNTIME_BUNDLE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.setEncoding('utf8').on('data', (text) => this.remember(text));
    const exited = new Promise<string>((resolve) => {
      this.child.on('error', (error) => resolve(`cannot be started: ${error.message}`));
      this.child.on('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
    });
    this.ended = exited.then(() => undefined);
    this.failed = exited.then((how) => { throw this.failure(`the runtime ${how}`); });
    // Whoever waits for it sees it; nobody has to.
    this.failed.catch(() => undefined);
    const kill = () => this.child.kill('SIGKILL');
    process.once('exit', kill);
    scope.onClose(async () => {
      await this.stop();
      process.off('exit', kill);
    });
  }

  public get pid(): number | undefined {
    return this.child.pid;
  }

  /** A failure that shows what the runtime said last. */
  public failure(message: string): Failure {
    return new Failure(message, this.lastLines.filter(Boolean));
  }

  private remember(text: string): void {
    const [first, ...rest] = text.split('\n');
    const unfinished = this.lastLines.pop() ?? '';
    this.lastLines = [...this.lastLines, unfinished + first, ...rest].slice(-LAST_LINES - 1);
  }

  private async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
