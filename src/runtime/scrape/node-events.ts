import { hostname } from 'node:os';
import { ScrapeOutcome } from './outcome';
import { FIELD_MANAGER } from '../../_facts/rights';
import { Clock, Random } from '../clock';
import { Logger } from '../telemetry/logger';

export interface NodeEventsOptions {
  readonly client: { create(path: string, body: unknown): Promise<unknown> };
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Events of what has no namespace are in this one. */
const PATH = '/apis/events.k8s.io/v1/namespaces/default/events';
/** When thousands of nodes fail at once, the first few say all; the others are in the log. */
const MAX_PENDING = 25;
/** Kubernetes' own limit. */
const MAX_NOTE_LENGTH = 1024;

/** Takes changes of nodes and tells them as Events, which `kubectl describe node` shows. One that cannot be written is left out. */
export function nodeEvents({ client, clock, random, logger }: NodeEventsOptions): (outcome: ScrapeOutcome) => void {
  let pending = 0;
  return (outcome) => {
    if (pending >= MAX_PENDING) return logger.verbose(2, 'Event left out, too many are under way', { node: outcome.node });
    pending++;
    client.create(PATH, eventOf(outcome, clock.now(), random))
      .catch((error) => logger.verbose(2, 'Event could not be written', { node: outcome.node, reason: (error as Error).message }))
      .finally(() => pending--);
  };
}

function eventOf({ node, address, failure }: ScrapeOutcome, nowMs: number, random: Random): object {
  const note = failure ? `${failure.reason} at ${address ?? 'no address'}: ${failure.message}` : `Metrics are read again at ${address}`;
  const suffix = `${nowMs.toString(16)}${Math.floor(random() * 2 ** 24).toString(16).padStart(6, '0')}`;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace: 'default', name: `${node}.${suffix}` },
    // MicroTime: kube-apiserver wants six digits.
    eventTime: new Date(nowMs).toISOString().replace('Z', '000Z'),
    type: failure ? 'Warning' : 'Normal',
    reason: failure ? 'MetricsScrapeFailed' : 'MetricsScrapeRecovered',
    action: 'Scrape',
    note: note.slice(0, MAX_NOTE_LENGTH),
    // As kubelets do, whose Events name their node by its name.
    regarding: { apiVersion: 'v1', kind: 'Node', name: node, uid: node },
    reportingController: FIELD_MANAGER,
    reportingInstance: hostname(),
  };
}
