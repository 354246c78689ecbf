import { execFileSync, spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { get } from 'https';
import { createServer } from 'net';
import { eventually } from '../e2e/control-plane/eventually';

/** A container of the image, listening on loopback. */
export class RunningContainer {
  /** Starts `podman run` with the options, the image and the command line that `args` makes of a free port. */
  public static async start(options: readonly string[], args: (port: number) => readonly string[]): Promise<RunningContainer> {
    const port = await freePort();
    const id = execFileSync('podman', ['run', '--detach', '--pull=never', '--network=host', ...options, ...args(port)], { encoding: 'utf8' });
    return new RunningContainer(id.trim(), port);
  }

  private constructor(private readonly id: string, private readonly port: number) {}

  /** Waits until it ended by itself, and returns its exit code. */
  public async ended(): Promise<number> {
    await eventually(() => {
      if (this.inspect('{{.State.Running}}') !== 'false') throw new Error('the container is still running');
    });
    return Number(this.inspect('{{.State.ExitCode}}'));
  }

  /** Status and body of a page; the certificate is nobody's concern here. */
  public get(path: string): Promise<{ status?: number; body: string }> {
    return new Promise((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port: this.port, path, rejectUnauthorized: false, agent: false, timeout: 10_000 }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk) => body += chunk).on('end', () => resolve({ status: response.statusCode, body }));
      });
      request.on('timeout', () => request.destroy(new Error('no answer within 10 s'))).on('error', reject);
    });
  }

  /** A line of the first process's /proc/PID/status. */
  public status(name: string): string {
    const pid = this.inspect('{{.State.Pid}}');
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').find((l) => l.startsWith(`${name}:`));
    return line!.slice(name.length + 1).trim().replace(/\s+/g, ' ');
  }

  /** Sends SIGTERM, kills it after 10 s, and returns how it ended. */
  public stop(): { exitCode: number; tookMs: number } {
    const began = Date.now();
    execFileSync('podman', ['stop', '--time=10', this.id], { stdio: 'pipe' });
    const tookMs = Date.now() - began;
    return { exitCode: Number(this.inspect('{{.State.ExitCode}}')), tookMs };
  }

  public log(): string {
    const { stdout, stderr } = spawnSync('podman', ['logs', this.id], { encoding: 'utf8' });
    return stdout + stderr;
  }

  public remove(): void {
    execFileSync('podman', ['rm', '--force', '--time=0', this.id], { stdio: 'pipe' });
  }

  private inspect(format: string): string {
    return execFileSync('podman', ['inspect', '--format', format, this.id], { encoding: 'utf8' }).trim();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
