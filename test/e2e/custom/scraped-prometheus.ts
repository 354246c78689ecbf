import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer, Server } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { stringify } from 'yaml';
import { eventually } from '../control-plane/eventually';
import { Process } from '../control-plane/process';

const PORT = 9090;
const TARGET_PORT = 9091;

/** A real Prometheus in the test's network namespace that scrapes what a test exposes, every second if nothing else is said. */
export class ScrapedPrometheus {
  public readonly url = `http://127.0.0.1:${PORT}`;
  private readonly directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  private process?: Process;
  private target?: Server;

  constructor(private readonly scrapeInterval = '1s') {}

  /** `exposed` gives a page in Prometheus' text format at each scrape. */
  public async start(exposed: () => string): Promise<void> {
    this.target = createServer((_, response) => response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(exposed()));
    await new Promise<void>((resolve) => this.target!.listen(TARGET_PORT, '127.0.0.1', resolve));
    this.run();
  }

  /** Goes, and leaves what it has measured. */
  public async end(): Promise<void> {
    await this.process?.stop();
  }

  /** Comes back with what it had measured. */
  public run(): void {
    const configuration = join(this.directory, 'prometheus.yaml');
    writeFileSync(configuration, stringify({
      global: { scrape_interval: this.scrapeInterval, scrape_timeout: this.scrapeInterval },
      scrape_configs: [{ job_name: 'exposed', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${TARGET_PORT}`] }] }],
    }));
    this.process = new Process('prometheus', join(process.env.PROMETHEUS_ASSETS!, 'prometheus'), [
      `--config.file=${configuration}`, `--storage.tsdb.path=${join(this.directory, 'data')}`, `--web.listen-address=127.0.0.1:${PORT}`,
    ], join(this.directory, 'log'));
  }

  /** Takes connections, and answers nothing. */
  public hang(): void {
    this.process!.signal('SIGSTOP');
  }

  /** Answers again. */
  public goOn(): void {
    this.process!.signal('SIGCONT');
  }

  /** Once the expression has a value. */
  public async until(expression: string): Promise<void> {
    await eventually(async () => {
      const answer = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = await answer.json() as { data: { result: unknown[] } };
      if (data.result.length === 0) throw new Error(`${expression} has no value`);
    }).catch((error) => { throw new Error(`${error.message}\n${this.process?.tail()}`); });
  }

  public async stop(): Promise<void> {
    await this.end();
    this.target?.closeAllConnections();
    this.target?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
