import { NodeRecord } from '../../../src/runtime/cluster/node';

/** A node that is ready, of old, and has nothing else about it but what is given. */
export function nodeRecordOf(name: string, changes: Partial<NodeRecord> = {}): NodeRecord {
  return {
    namespace: '',
    name,
    labels: { values: {}, json: undefined },
    machine: '',
    addresses: [],
    kubeletPort: 0,
    metricsPath: undefined,
    metricsPort: undefined,
    ready: true,
    readyTransition: '',
    createdMs: 0,
    terminating: false,
    ...changes,
  };
}
