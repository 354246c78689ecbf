import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** `npm start -- args` in a process of its own, with a directory for temporary files of its own. */
export class StartCommand {
  public stdout = '';
  public stderr = '';
  public readonly exitCode: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'start-test-'));

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [path.join(__dirname, '..', '..', 'start', 'index.js'), ...args], {
      env: { ...process.env, TMPDIR: this.directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text) => { this.stdout += text; });
    this.child.stderr!.setEncoding('utf8').on('data', (text) => { this.stderr += text; });
    this.exitCode = new Promise((resolve) => this.child.on('close', resolve));
  }

  /** Resolves when the text has been said; rejects when the command ends without. */
  public async said(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = () => { if (this.stderr.includes(text)) resolve(); };
      this.child.stderr!.on('data', check);
      this.child.on('close', () => reject(new Error(`it ended without saying '${text}':\n${this.stderr}`)));
      check();
    });
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Lines of the table that starts with this title. */
  public table(title: string): string[] {
    const lines = this.stdout.split('\n');
    const start = lines.findIndex((line) => line.startsWith(title));
    const end = lines.indexOf('', start);
    return lines.slice(start + 1, end);
  }

  /** Temporary files and processes that are still there after it has ended. */
  public async leftovers(): Promise<string[]> {
    await this.exitCode;
    const files = fs.readdirSync(this.directory);
    const pid = /process (\d+)/.exec(this.stderr)?.[1];
    return [...files, ...pid !== undefined && isRunning(Number(pid)) ? [`process ${pid}`] : []];
  }

  public async dispose(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exitCode;
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
