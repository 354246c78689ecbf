import { Clock } from '../clock';
import { NodeRecord } from '../cluster/node';

/** So often in a row a node may fail before a turn of it is left out. */
const PATIENT_FAILURES = 3;
/** Whoever mends what keeps us from a node that works, a right or a firewall, shall not have to wait. */
const MAX_WAIT_READY_MS = 30_000;
/** A node that is not ready says so itself when it is again. */
const MAX_WAIT_NOT_READY_MS = 300_000;

interface Failing {
  readonly failures: number;
  /** On the monotonic clock. */
  readonly waitUntil: number;
  readonly appearance: string;
}

/** Leaves out turns of nodes that fail, ever more in a row, until something about the node changes that may mend it. */
export class NodeBackoff {
  private readonly failing = new Map<string, Failing>();

  constructor(private readonly clock: Clock, private readonly resolutionMs: number) {}

  note(node: NodeRecord, failed: boolean): void {
    if (!failed) return this.forget(node.name);
    const failures = (this.failing.get(node.name)?.failures ?? 0) + 1;
    const turns = 2 ** Math.max(0, failures - PATIENT_FAILURES + 1);
    const waitMs = Math.min(turns * this.resolutionMs, node.ready ? MAX_WAIT_READY_MS : MAX_WAIT_NOT_READY_MS);
    // Turns are spread over some seconds: half a resolution earlier is the same turn.
    this.failing.set(node.name, { failures, waitUntil: this.clock.monotonic() + waitMs - this.resolutionMs / 2, appearance: appearanceOf(node) });
  }

  /** Whether the node is to be asked in this turn. */
  isDue(node: NodeRecord): boolean {
    const failing = this.failing.get(node.name);
    return failing === undefined || this.clock.monotonic() >= failing.waitUntil || this.hasChanged(node);
  }

  /** Whether the node failed, and may not any more: it is seen at another address, or it is, or is no longer, ready. */
  hasChanged(node: NodeRecord): boolean {
    const failing = this.failing.get(node.name);
    return failing !== undefined && failing.appearance !== appearanceOf(node);
  }

  forget(node: string): void {
    this.failing.delete(node);
  }
}

function appearanceOf({ machine, ready, readyTransition, addresses, kubeletPort, metricsPath, metricsPort }: NodeRecord): string {
  return JSON.stringify([machine, ready, readyTransition, addresses, kubeletPort, metricsPath, metricsPort]);
}
