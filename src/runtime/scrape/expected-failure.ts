import { NodeRecord } from '../cluster/node';

/** A kubelet may be up before its certificate is signed, and its node ready. */
const NEW_FOR_MS = 120_000;

/** Why nobody wonders that the node cannot be scraped now; undefined when somebody should. */
export function expectedFailure({ ready, terminating, createdMs }: NodeRecord, hasWorked: boolean, nowMs: number): string | undefined {
  if (terminating) return 'node is terminating';
  if (!ready) return 'node is not ready';
  return !hasWorked && nowMs - createdMs < NEW_FOR_MS ? 'node is new' : undefined;
}
