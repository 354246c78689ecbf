import { CertificateRequest } from './certificate-request';
import { NodeObject, Objection, Reason, objectionToAddresses, objectionToSubject, requestingNode } from './judge';
import { approved, isDecided, SIGNER, SIGNING_REQUESTS, SigningRequest } from './signing-request';
import { FEATURES } from '../../_facts/rights';
import { Clock, Random } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';
import { ReconcileLoop } from '../cluster/reconcile-loop';
import { Reflector } from '../cluster/reflector';
import { Logger } from '../telemetry/logger';
import { Counter } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

/** A kubelet waits so long for its certificate, and then asks anew. */
const KUBELET_WAITS_MS = 15 * 60_000;

export interface ApproverOptions {
  readonly client: ApiClient;
  readonly registry: MetricRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** One request that nobody has decided yet. */
interface Undecided {
  request: SigningRequest;
  readonly loop: ReconcileLoop;
  /** What was last found against it. */
  reason?: Reason;
  /** That is final, and told. */
  leftAlone?: boolean;
}

/** The objection may pass: to be tried again. */
class NotYet extends Error {}

/**
 * Approves the serving certificates that kubelets ask for, and leaves alone every other request: somebody else may know more about it.
 * Several approvers do no harm, since approving is the same whoever does it.
 */
export class KubeletServingApprover {
  private readonly undecided = new Map<string, Undecided>();
  private readonly reflector: Reflector<SigningRequest, SigningRequest>;
  private readonly stopping = new AbortController();
  private lastTurn: Promise<unknown> = Promise.resolve();
  private readonly approvals: Counter;
  private readonly objections: Counter<'reason'>;

  constructor(private readonly options: ApproverOptions) {
    const { client, registry, clock, random, logger } = options;
    this.approvals = registry.counter({
      name: 'metrics_server_kubelet_serving_requests_approved_total',
      help: '[ALPHA] Certificate signing requests of kubelets that were approved.',
    });
    this.objections = registry.counter({
      name: 'metrics_server_kubelet_serving_requests_left_alone_total',
      help: '[ALPHA] Certificate signing requests for the kubelet-serving signer that were not approved, by reason; one that is approved later counts in both.',
      labelNames: ['reason'],
    });
    this.reflector = new Reflector<SigningRequest, SigningRequest>({
      client,
      path: SIGNING_REQUESTS,
      query: { fieldSelector: `spec.signerName=${SIGNER}` },
      name: 'certificate signing requests',
      feature: FEATURES.kubeletServingApproval(),
      decode: (request) => request,
      handler: {
        replace: (requests) => this.replace(requests),
        apply: (request) => this.apply(request),
        remove: ({ metadata: { name } }) => this.forget(name),
      },
      clock,
      random,
      logger,
    });
  }

  /** Undefined when every request there is has been seen. */
  unready(): string | undefined {
    return this.reflector.synced ? undefined : 'certificate signing requests have not been listed yet';
  }

  start(): void {
    this.reflector.start();
  }

  stop(): void {
    this.stopping.abort(new Error('stopped'));
    this.reflector.stop();
    this.undecided.forEach((_, name) => this.forget(name));
  }

  private replace(requests: readonly SigningRequest[]): void {
    const names = new Set(requests.map(({ metadata: { name } }) => name));
    this.undecided.forEach((_, name) => names.has(name) || this.forget(name));
    requests.forEach((request) => this.apply(request));
  }

  private apply(request: SigningRequest): void {
    const { name, uid } = request.metadata;
    let known = this.undecided.get(name);
    if (isDecided(request) || (known && known.request.metadata.uid !== uid)) {
      this.forget(name);
      known = undefined;
    }
    if (isDecided(request)) return;
    if (known) known.request = request;
    else this.undecided.set(name, known = { request, loop: this.loop(name) });
    known.loop.trigger();
  }

  private forget(name: string): void {
    this.undecided.get(name)?.loop.stop();
    this.undecided.delete(name);
  }

  private loop(name: string): ReconcileLoop {
    const { clock, random, logger } = this.options;
    return new ReconcileLoop({
      what: `Approval of certificate signing request ${name}`,
      feature: FEATURES.kubeletServingApproval(),
      reconcile: () => this.inTurn(() => this.review(name)),
      clock,
      random,
      logger,
    });
  }

  /** One at a time: when all kubelets ask at once, the API server is not asked more than that. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.lastTurn.then(act);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  private async review(name: string): Promise<void> {
    const undecided = this.undecided.get(name);
    if (undecided === undefined) return;
    const { request } = undecided;
    const objection = await this.judge(request);
    if (objection === undefined) return;
    if (undecided.reason !== objection.reason) this.objections.inc({ reason: objection.reason });
    undecided.reason = objection.reason;
    if (objection.mayPass && this.ageMs(request) < KUBELET_WAITS_MS) throw new NotYet(objection.message);
    if (undecided.leftAlone) return;
    undecided.leftAlone = true;
    this.options.logger.warn('Left a certificate signing request alone', { request: name, username: request.spec.username, reason: objection.message });
  }

  private ageMs({ metadata: { creationTimestamp } }: SigningRequest): number {
    return creationTimestamp === undefined ? Infinity : this.options.clock.now() - Date.parse(creationTimestamp);
  }

  /** Approves the request if there is no objection. */
  private async judge(request: SigningRequest): Promise<Objection | undefined> {
    const asking = requestingNode(request);
    if ('reason' in asking) return asking;
    const wanted = await readRequest(request);
    if ('reason' in wanted) return wanted;
    const objection = objectionToSubject(wanted, asking.node) ?? objectionToAddresses(wanted, asking.node, await this.node(asking.node));
    if (objection === undefined) await this.approve(request, asking.node, wanted);
    return objection;
  }

  private async node(name: string): Promise<NodeObject | undefined> {
    const { client } = this.options;
    try {
      return await client.request<NodeObject>({ path: `/api/v1/nodes/${encodeURIComponent(name)}`, signal: this.stopping.signal });
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** With the resourceVersion that was judged: whatever was decided meanwhile stays so. */
  private async approve(request: SigningRequest, node: string, { dnsNames, ipAddresses }: CertificateRequest): Promise<void> {
    const { client, logger } = this.options;
    const { name } = request.metadata;
    await client.request({
      method: 'PUT',
      path: `${SIGNING_REQUESTS}/${encodeURIComponent(name)}/approval`,
      body: approved(request, `Node ${node} has each of the addresses that it asks a serving certificate for`),
      signal: this.stopping.signal,
    });
    this.approvals.inc();
    this.forget(name);
    logger.info('Approved the serving certificate of a kubelet', { request: name, node, names: [...dnsNames, ...ipAddresses].join(', ') });
  }
}

async function readRequest({ spec: { request } }: SigningRequest): Promise<CertificateRequest | Objection> {
  const { readCertificateRequest } = await import('./certificate-request');
  try {
    return await readCertificateRequest(Buffer.from(request, 'base64').toString('latin1'));
  } catch (error) {
    return { reason: 'unreadable', message: `the certificate request is not to be read: ${(error as Error).message}`, mayPass: false };
  }
}
