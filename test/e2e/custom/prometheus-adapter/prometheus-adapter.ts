import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Answer, askHttp1 } from '../../../runtime/server/client';
import { ControlPlane } from '../../control-plane/control-plane';
import { eventually } from '../../control-plane/eventually';
import { Process } from '../../control-plane/process';

const PORT = 6444;

/** The real prometheus-adapter, which lets everybody in. */
export class PrometheusAdapter {
  private readonly directory = mkdtempSync(join(tmpdir(), 'prometheus-adapter-'));
  private readonly process: Process;

  constructor(controlPlane: ControlPlane, prometheusUrl: string, configuration: string) {
    const config = join(this.directory, 'config.yaml');
    writeFileSync(config, configuration);
    const kubeconfig = controlPlane.kubeconfig('admin');
    this.process = new Process('prometheus-adapter', join(process.env.PROMETHEUS_ADAPTER!, 'adapter'), [
      `--config=${config}`, `--prometheus-url=${prometheusUrl}`, `--secure-port=${PORT}`, `--cert-dir=${this.directory}`,
      '--metrics-relist-interval=2s', '--metrics-max-age=1h', '--authentication-skip-lookup', '--authorization-always-allow-paths=/*',
      `--lister-kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`, `--authorization-kubeconfig=${kubeconfig}`,
    ], join(this.directory, 'log'));
  }

  public get exited(): Promise<number | null> {
    return this.process.exited;
  }

  public log(): string {
    return this.process.log();
  }

  public ask(path: string): Promise<Answer> {
    return askHttp1(PORT, path);
  }

  public async ready(path: string): Promise<void> {
    await eventually(async () => {
      const { status, body } = await this.ask(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    }).catch((error) => { throw new Error(`${error.message}\n${this.process.tail()}`); });
  }

  public async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
