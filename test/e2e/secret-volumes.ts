import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { ControlPlane } from './control-plane/control-plane';

/** `in-namespaces` makes it the test's own. */
const PODS = '/run/pods';

/** A kubelet's part in a pod's Secret volumes: files, and all of them replaced at once when the Secret changes. */
export class SecretVolumes {
  private readonly volumes: readonly {
    readonly secretName: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
    readonly mountPath: string;
    readonly directory: string;
  }[];
  private readonly written = new Map<string, string>();

  constructor(private readonly controlPlane: ControlPlane, private readonly pod: any) {
    this.volumes = (pod.spec.volumes ?? []).filter(({ secret }: any) => secret).map(({ name, secret }: any) => ({
      ...secret,
      mountPath: pod.spec.containers[0].volumeMounts.find((mount: any) => mount.name === name).mountPath,
      directory: join(PODS, pod.metadata.name, name),
    }));
  }

  /** Writes what has changed. Rejects while there is no such Secret: without it a kubelet starts no container. */
  public async write(): Promise<void> {
    for (const { secretName, items, directory } of this.volumes) {
      const { metadata, data } = await this.controlPlane.request('GET', `/api/v1/namespaces/${this.pod.metadata.namespace}/secrets/${secretName}`);
      if (this.written.get(directory) === metadata.resourceVersion) continue;
      replace(directory, metadata.resourceVersion, items ? Object.fromEntries(items.map(({ key, path }) => [path, data[key]])) : data);
      this.written.set(directory, metadata.resourceVersion);
    }
  }

  /** The container's argument, with a path on this machine for one in a volume. */
  public onThisMachine(argument: string): string {
    return this.volumes.reduce((text, { mountPath, directory }) => text.replace(`=${mountPath}/`, `=${directory}/`), argument);
  }
}

/**
 * As a kubelet does it: files are links into ..data, that link is renamed over the one before, and what it led to is removed, which is what a
 * server that watches the files is told.
 */
function replace(directory: string, version: string, data: Readonly<Record<string, string>>): void {
  const files = join(directory, `..${version}`);
  mkdirSync(files, { recursive: true });
  for (const [name, base64] of Object.entries(data)) writeFileSync(join(files, name), Buffer.from(base64, 'base64'), { mode: 0o600 });
  const before = readdirSync(directory).filter((name) => /^\.\.\d/.test(name) && name !== basename(files));
  symlinkSync(basename(files), join(directory, '..data_tmp'));
  renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
  for (const name of Object.keys(data)) {
    if (!existsSync(join(directory, name))) symlinkSync(join('..data', name), join(directory, name));
  }
  for (const name of before) rmSync(join(directory, name), { recursive: true });
}
