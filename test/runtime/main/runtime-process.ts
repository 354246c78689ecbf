import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Answer, askHttp1, Question } from '../server/client';

/** A kubeconfig whose API server never answers: nothing listens on port 1. */
export const NO_API_SERVER = kubeconfig('https://127.0.0.1:1');

export function kubeconfig(server: string): string {
  return JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'test',
    'clusters': [{ name: 'test', cluster: { server } }],
    'contexts': [{ name: 'test', context: { cluster: 'test' } }],
  });
}

/** The runtime's bundle, made as the build makes it, and files for its flags. */
export class Workbench {
  readonly directory = mkdtempSync(join(tmpdir(), 'metrics-server-main-'));
  private readonly bundle = join(this.directory, 'index.js');
  private readonly processes: RuntimeProcess[] = [];

  constructor() {
    const { tasks } = JSON.parse(readFileSync('.projen/tasks.json', 'utf8'));
    const [esbuild, ...args]: string[] = tasks['bundle:runtime/main'].steps[0].execArgs;
    const options = args.map((arg) => arg.startsWith('--outfile=') ? `--outfile=${this.bundle}` : arg);
    execFileSync(join('node_modules', '.bin', esbuild), [...options, '--log-level=error']);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string | Buffer): string {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    return this.path(name);
  }

  /** Flags with which the runtime serves on the port, whatever the cluster is like. */
  flags(port: number, kubeconfigFile = this.write('no-api-server.kubeconfig', NO_API_SERVER)): string[] {
    return [`--kubeconfig=${kubeconfigFile}`, '--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${this.path('certificates')}`];
  }

  run(...args: readonly string[]): RuntimeProcess {
    return this.runBy([process.execPath], args);
  }

  /** Whose time the test sets ahead. */
  runAdjustable(...args: readonly string[]): RuntimeProcess {
    return this.runBy([process.execPath, '--require', join(__dirname, 'adjustable-time.js')], args);
  }

  /** By a command other than node's plain one. */
  runBy(command: readonly string[], args: readonly string[]): RuntimeProcess {
    const runtime = new RuntimeProcess([...command, this.bundle], args);
    this.processes.push(runtime);
    return runtime;
  }

  /** With everything that runs. */
  async remove(): Promise<void> {
    this.processes.forEach((runtime) => runtime.signal('SIGKILL'));
    await Promise.all(this.processes.map(({ exitCode }) => exitCode));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The runtime, as a container starts it. */
export class RuntimeProcess {
  stdout = '';
  stderr = '';
  /** Null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
  readonly port: number;
  private readonly child: ChildProcess;

  constructor([program, ...given]: readonly string[], args: readonly string[]) {
    this.port = Number(/--secure-port=(\d+)/.exec(args.join(' '))?.[1]);
    const { KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, ...env } = process.env;
    this.child = spawn(program, [...given, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text) => this.stdout += text);
    this.child.stderr!.setEncoding('utf8').on('data', (text) => this.stderr += text);
    this.exitCode = new Promise((resolve) => this.child.once('close', resolve));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Of the log, without what differs from run to run. */
  get lines(): string[] {
    return this.stderr.split('\n').filter(Boolean).map((line) => line.replace(/^([IWE])\d{4} \S+ +\d+ [\w-]+\] /, '$1 '));
  }

  count(text: string): number {
    return this.lines.filter((line) => line.includes(text)).length;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Of one whose time can be set ahead: everything that is due by then happens. */
  advance(ms: number): Promise<void> {
    return this.setAhead({ byMs: ms, timersToo: true });
  }

  /** The same, and no timer has noticed: as after a pause of the machine. */
  leap(ms: number): Promise<void> {
    return this.setAhead({ byMs: ms, timersToo: false });
  }

  /** Resolves when the log holds the text. */
  async said(text: string): Promise<void> {
    let ended = false;
    void this.exitCode.then(() => { ended = true; });
    while (this.count(text) === 0) {
      if (ended) throw new Error(`ended before it said '${text}': ${this.stderr}`);
      await Promise.race([this.exitCode, new Promise((resolve) => this.child.stderr!.once('data', resolve))]);
    }
  }

  async serving(): Promise<this> {
    await this.said('Serving securely');
    return this;
  }

  get(path: string, question: Question = {}): Promise<Answer> {
    return askHttp1(this.port, path, question);
  }

  private async setAhead(message: { byMs: number; timersToo: boolean }): Promise<void> {
    const done = new Promise((resolve) => this.child.once('message', resolve));
    this.child.send(message);
    await done;
  }
}

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST_PORT, FIRST_EPHEMERAL_PORT);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Between those of well-known services and those that Linux gives to whoever asks for any: nobody takes one before it is used. */
const FIRST_PORT = 15_000;
const FIRST_EPHEMERAL_PORT = 32_768;
