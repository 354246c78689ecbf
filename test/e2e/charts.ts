import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Yaml } from 'cdk8s';
import { MetricsServer, MetricsServerProps } from '../../src';

export interface Manifests {
  /** File with all objects but those of `apiServices`. */
  readonly server: string;
  /** File with what was put into a chart of its own. */
  readonly apiServices: string;
}

/** Synthesizes our chart, and a second one for APIServices that someone wants to apply by themselves. */
export function synthesize(name: string, props: (apiServices: Chart) => MetricsServerProps): Manifests {
  const app = new App();
  const server = new Chart(app, name);
  const apiServices = new Chart(app, `${name}-api-services`);
  new MetricsServer(server, 'metrics-server', props(apiServices));
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  const write = (chart: Chart) => {
    const file = join(directory, `${chart.node.id}.yaml`);
    writeFileSync(file, Yaml.stringify(...chart.toJson()));
    return file;
  };
  return { server: write(server), apiServices: write(apiServices) };
}
