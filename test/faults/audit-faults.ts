import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { answered, live, newFigures, ready } from './claims';
import { End, Fault } from './fault';
import { API, Lab, LabFiles, LabSetup } from './lab';

const PATHS_ARE_NOT_AUDITED = { level: 'None', nonResourceURLs: ['/*'] };
const POLICY = JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [PATHS_ARE_NOT_AUDITED, { level: 'Metadata' }] });

export const AUDIT_FAULTS: readonly Fault[] = [
  full('blocking', 200),
  full('batch', 200),
  full('blocking-strict', 500),
];

/** The disk of the audit log has no space left. */
function full(mode: string, status: number): Fault {
  return {
    name: `the disk of the audit log is full, --audit-log-mode=${mode}`,
    setUp: (files) => withSmallDisk(files, mode),
    begin: fillDisk,
    served: [answered('to users', status, (lab) => lab.asViewer(`${API}/nodes`)), ...status === 200 ? [newFigures()] : [], ready, live],
    logged: [],
    loggedAtTimes: ['E "Unable to keep audit events" err="log: ENOSPC…"'],
    counted: ['apiserver_audit_error_total{plugin="log"}', ...status === 200 ? [] : ['apiserver_audit_requests_rejected_total']],
  };
}

/** In a mount namespace of the runtime's own. */
function withSmallDisk({ path }: LabFiles, mode: string): LabSetup {
  const disk = path('audit');
  writeFileSync(path('policy.yaml'), POLICY);
  return {
    wrapper: ['unshare', '--map-root-user', '--mount', 'sh', '-c', `mkdir ${disk} && mount -t tmpfs -o size=1m tmpfs ${disk} && exec "$@"`, 'sh'],
    flags: [`--audit-policy-file=${path('policy.yaml')}`, `--audit-log-path=${disk}/audit.log`, `--audit-log-mode=${mode}`],
  };
}

function fillDisk(lab: Lab): End {
  const file = `/proc/${lab.runtime.pid}/root${lab.cluster.directory}/audit/filler`;
  const descriptor = openSync(file, 'w');
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(file);
}
