import { Lazy } from 'cdk8s';
import { SourceFile } from './_source-file';
import { groupByKey } from '../_facts/group-by-key';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';

const VOLUME = 'source-files';
const MOUNT_PATH = '/sources';

/**
 * Where the adapter finds a file: the path tells what is read, not by whom. A pod that runs still, told of another Secret, finds no file there, and never one that is
 * somebody else's.
 */
export function pathOf(file: SourceFile): string {
  return `${MOUNT_PATH}/${directoryOf(file)}/${file.key}`;
}

function directoryOf({ kind, objectName }: SourceFile): string {
  return `${kind.toLowerCase()}s/${objectName}`;
}

/**
 * The files of all sources, in one volume. The kubelet brings what rotates: only of a mount with subPath it would not. It brings what is missing as soon as that comes,
 * too: one team's missing Secret keeps no pod of everybody's adapter from starting, and who asks the source is told the path.
 */
export class SourceVolume {
  private readonly files: SourceFile[] = [];

  constructor(private readonly server: ExtensionApiServer) {}

  public add(files: readonly SourceFile[]): void {
    if (this.files.length === 0 && files.length > 0) {
      this.server._mount({ name: VOLUME, projected: { sources: Lazy.any({ produce: () => this.projectedSources() }) } }, MOUNT_PATH);
    }
    this.files.push(...files);
  }

  /** In one order, whatever that of the declarations: it alone restarts no pod. */
  private projectedSources(): object[] {
    const byDirectory = groupByKey(this.files.map((file) => [directoryOf(file), file]));
    return [...byDirectory.keys()].sort().map((directory) => {
      const files = byDirectory.get(directory)!;
      const keys = [...new Set(files.map(({ key }) => key))].sort();
      return { [files[0].kind]: { name: files[0].objectName, items: keys.map((key) => ({ key, path: `${directory}/${key}` })), optional: true } };
    });
  }
}
