import { execFile } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { request } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { stringify } from 'yaml';
import { eventually } from '../control-plane/eventually';
import { Process } from '../control-plane/process';

const PORT = 9090;

/** What the Secrets of a monitor hold, and the files of Prometheus' pod. */
export interface ScrapeFiles {
  readonly ca: string;
  readonly token?: string;
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

/** A real Prometheus in the test's network namespace, that scrapes one address as a ServiceMonitor's endpoint says. */
export class Prometheus {
  /** Checks rules as the operator's webhook does. */
  public static async checkRules(spec: object): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), 'rules-'));
    try {
      writeFileSync(join(directory, 'rules.yaml'), stringify(spec));
      const args = ['check', 'rules', '--lint-fatal', join(directory, 'rules.yaml')];
      return (await promisify(execFile)(join(process.env.PROMETHEUS_ASSETS!, 'promtool'), args)).stdout;
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  private readonly directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  private process?: Process;

  /** What the operator makes of an endpoint, with the content of the files that it names. */
  public async start(
    endpoint: any, target: { address: string; labels: object }, { ca, token, clientCertificate }: ScrapeFiles, rules: object,
  ): Promise<void> {
    const tokenFile = token && this.write('token', token);
    const configuration = this.write('prometheus.yaml', stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [this.write('rules.yaml', stringify(rules))],
      scrape_configs: [{
        job_name: 'endpoint',
        scheme: endpoint.scheme,
        metrics_path: endpoint.path,
        bearer_token_file: endpoint.bearerTokenFile && tokenFile,
        authorization: endpoint.authorization && { credentials_file: tokenFile },
        tls_config: {
          ca_file: this.write('ca.crt', ca),
          server_name: endpoint.tlsConfig.serverName,
          cert_file: endpoint.tlsConfig.cert && this.write('client.crt', clientCertificate!.cert),
          key_file: endpoint.tlsConfig.keySecret && this.write('client.key', clientCertificate!.key),
        },
        static_configs: [{ targets: [target.address], labels: target.labels }],
      }],
    }));
    this.process = new Process('prometheus', join(process.env.PROMETHEUS_ASSETS!, 'prometheus'), [
      `--config.file=${configuration}`, `--storage.tsdb.path=${join(this.directory, 'data')}`, `--web.listen-address=127.0.0.1:${PORT}`,
    ], join(this.directory, 'log'));
    await eventually(() => this.get('/api/v1/status/runtimeinfo')).catch((error) => { throw new Error(`${error.message}\n${this.process!.tail()}`); });
  }

  public async query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    return (await this.get(`/api/v1/query?query=${encodeURIComponent(expression)}`)).result;
  }

  /** Alerting rules, as last evaluated. */
  public async rules(): Promise<{ name: string; health: string; state: string; lastError?: string }[]> {
    return (await this.get('/api/v1/rules')).groups.flatMap((group: any) => group.rules);
  }

  public async stop(): Promise<void> {
    await this.process?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private write(name: string, content: string): string {
    const file = join(this.directory, name);
    writeFileSync(file, content);
    return file;
  }

  private get(path: string): Promise<any> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: PORT, path }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
          response.statusCode === 200 ? resolve(JSON.parse(text).data) : reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      }).on('error', reject).end();
    });
  }
}
