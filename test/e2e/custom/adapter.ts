import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Answer, askHttp1 } from '../../runtime/server/client';
import { ControlPlane } from '../control-plane/control-plane';
import { eventually } from '../control-plane/eventually';
import { Process } from '../control-plane/process';

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  /** Beside the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real one. */
export const PROMETHEUS_ADAPTER: Program = { name: 'prometheus-adapter', command: [join(process.env.GO_PROGRAMS!, 'adapter')], port: 6444 };
/** Ours. */
export const METRICS_ADAPTER: Program = {
  name: 'metrics-adapter', command: [process.execPath, 'assets/runtime/main/index.js', 'metrics-adapter'], port: 6445,
};

/** Flags that let everybody in. */
export const OPEN = ['--authentication-skip-lookup', '--authorization-always-allow-paths=/*'];

/** One of the two, started by the same arguments. */
export class Adapter {
  public readonly port: number;
  private readonly directory = mkdtempSync(join(tmpdir(), 'adapter-'));
  private readonly process: Process;

  constructor(program: Program, controlPlane: ControlPlane, configuration: string, flags: readonly string[]) {
    const { name, command: [command, ...subcommand], port, env } = program;
    this.port = port;
    const config = join(this.directory, 'config.yaml');
    writeFileSync(config, configuration);
    const kubeconfig = controlPlane.kubeconfig('admin');
    this.process = new Process(name, command, [
      ...subcommand,
      `--config=${config}`, `--secure-port=${port}`, `--cert-dir=${this.directory}`,
      `--lister-kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`,
      ...flags,
    ], join(this.directory, 'log'), { ...process.env, ...env });
  }

  public get pid(): number {
    return this.process.pid;
  }

  public get exited(): Promise<number | null> {
    return this.process.exited;
  }

  public log(): string {
    return this.process.log();
  }

  public tail(): string {
    return this.process.tail();
  }

  public ask(path: string): Promise<Answer> {
    return askHttp1(this.port, path);
  }

  public async ready(path: string): Promise<void> {
    await eventually(async () => {
      const { status, body } = await this.ask(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    }).catch((error) => { throw new Error(`${error.message}\n${this.tail()}`); });
  }

  public async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
