import { posix } from 'path';
import { lastFlag } from './_command-line';
import { ContainerUse } from './_container';
import { asText, list, record, valueAt } from './_manifest';
import { servingContainers, Workload, WORKLOADS } from './_manifest-set';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';

/** Volumes that nobody can write to, whatever their mounts say. */
const READ_ONLY_SOURCES = ['configMap', 'secret', 'downwardAPI', 'projected', 'image'];

/** Rules about the audit log of extension API servers. */
export const AUDIT_RULES: readonly Rule[] = [
  {
    id: 'audit-log-not-writable',
    level: RuleLevel.ERROR,
    title: '--audit-log-path where nothing can be written',
    reason: 'The container\'s root file system is read-only, and the path is in no volume that can be written to. The server cannot open the file and ends at once.',
    mend: 'mount a volume at the directory of the path, such as an emptyDir with a sizeLimit, or write events to standard output with --audit-log-path=-',
    kinds: WORKLOADS,
    check: (set) => set.servers.flatMap((server) => servingContainers(server).flatMap((container) => {
      const flag = lastFlag(container.flags, 'audit-log-path');
      // Without a policy nothing is audited, and no file is opened.
      if (!flag || ['', '-'].includes(flag.value) || !lastFlag(container.flags, 'audit-policy-file') || isWritable(server, container, flag.value)) return [];
      return [{ object: server.object, path: `${container.path}.${flag.path}`, given: `--${flag.name}=${flag.value}` }];
    })),
  },
];

/** Whether a file can be made in a container, as far as its mounts tell. */
function isWritable({ podSpec }: Workload, { spec }: ContainerUse, path: string): boolean {
  const file = posix.resolve('/', asText(spec.workingDir ?? ''), path);
  const mounts = list(spec.volumeMounts).map(record).filter(({ mountPath }) => isWithin(file, asText(mountPath)));
  // The innermost one counts.
  const [mount] = mounts.sort((a, b) => asText(b.mountPath).length - asText(a.mountPath).length);
  if (!mount) return valueAt(spec, 'securityContext', 'readOnlyRootFilesystem') !== true;
  const volume = list(podSpec.volumes).map(record).find(({ name }) => name === mount.name);
  return mount.readOnly !== true && !READ_ONLY_SOURCES.some((source) => volume?.[source] !== undefined);
}

function isWithin(file: string, directory: string): boolean {
  return !posix.relative(posix.resolve('/', directory), file).startsWith('..');
}
