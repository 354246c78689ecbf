import { mkdirSync, writeFileSync } from 'fs';
import { dirname } from 'path';
import { Cluster } from './cluster';
import { Deployment } from './runtime-in-pod';

const CONFIGURATION = '/etc/adapter/config.yaml';

/** Files that a pod mounts, by their paths, in a directory of this machine. */
export class MountedFiles {
  private readonly directory: string;

  constructor(cluster: Cluster, private readonly files: Readonly<Record<string, string>>) {
    this.directory = cluster.controlPlane.path('volumes');
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  /** Where it is. */
  public write(path: string, text: string): string {
    const file = `${this.directory}${path}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** The Deployment of the chart, whose configuration has these addresses in place of those of Services. */
  public deployment(cluster: Cluster, addresses: Readonly<Record<string, string>>): Deployment {
    const given = this.here(configurationOf(cluster));
    this.write(CONFIGURATION, Object.entries(addresses).reduce((text, [service, address]) => text.replace(service, address), given));
    return JSON.parse(JSON.stringify(cluster.deployment).replaceAll(CONFIGURATION, `${this.directory}${CONFIGURATION}`));
  }

  private here(text: string): string {
    return Object.keys(this.files).reduce((replaced, path) => replaced.replaceAll(path, `${this.directory}${path}`), text);
  }
}

function configurationOf({ objects }: Cluster): string {
  return objects.find(({ kind, data }) => kind === 'ConfigMap' && data['config.yaml']).data['config.yaml'];
}
