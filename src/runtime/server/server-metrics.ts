import { QueueLoad } from './fair-queue';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Labels of a request. Empty where it names nothing that is served, so that clients cannot make up series. */
export interface RequestLabels {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly scope: string;
}

/** What the API server is asked about a client. */
export type Review = 'TokenReview' | 'SubjectAccessReview';

const REQUEST_LABELS = ['component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;
const DURATION_BUCKETS = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

/** What the server tells of itself, under k8s.io/apiserver's names. */
export class ServerMetrics {
  private readonly requests;
  private readonly durations;
  private readonly aborted;
  private readonly failedHandshakes;
  private readonly closedForRoom;
  private readonly closedForResets;
  private readonly cutOff;
  private readonly unread;
  private readonly inFlight;
  private readonly authenticationRequests;
  private readonly authorizationRequests;

  private readonly waitingReviews;
  private readonly runningReviews;
  private readonly refusedReviews;

  constructor(private readonly registry: MetricRegistry) {
    this.requests = registry.counter({
      name: 'apiserver_request_total',
      help: '[STABLE] Requests that were answered.',
      labelNames: ['code', ...REQUEST_LABELS],
    });
    this.durations = registry.histogram({
      name: 'apiserver_request_duration_seconds',
      help: '[STABLE] Time until a request was answered.',
      labelNames: REQUEST_LABELS,
      buckets: DURATION_BUCKETS,
    });
    this.aborted = registry.counter({
      name: 'apiserver_request_aborts_total',
      help: '[ALPHA] Requests whose answer was broken off: their time was over, or their client was gone.',
      labelNames: ['group', 'resource', 'scope', 'subresource', 'verb', 'version'],
    });
    this.failedHandshakes = registry.counter({
      name: 'apiserver_tls_handshake_errors_total',
      help: '[ALPHA] Connections that ended before they were encrypted.',
    });
    this.closedForRoom = registry.counter({
      name: 'metrics_server_connections_closed_for_room_total',
      help: '[ALPHA] Connections that were closed because there were too many.',
    });
    this.closedForResets = registry.counter({
      name: 'metrics_server_connections_closed_for_resets_total',
      help: '[ALPHA] Connections that were closed because their client had reset too many requests.',
    });
    this.cutOff = registry.counter({
      name: 'metrics_server_answers_cut_off_for_room_total',
      help: '[ALPHA] Answers that were broken off because their clients read nothing of them while too much was unread.',
    });
    this.unread = registry.gauge({
      name: 'metrics_server_unread_answer_bytes',
      help: '[ALPHA] Memory of answers that clients have not read yet.',
    });
    this.inFlight = registry.gauge({
      name: 'apiserver_current_inflight_requests',
      help: '[STABLE] Requests that are being answered.',
      labelNames: ['request_kind'],
    });
    this.authenticationRequests = registry.counter({
      name: 'apiserver_delegated_authn_request_total',
      help: '[ALPHA] TokenReviews asked of the API server.',
      labelNames: ['code'],
    });
    this.authorizationRequests = registry.counter({
      name: 'apiserver_delegated_authz_request_total',
      help: '[ALPHA] SubjectAccessReviews asked of the API server.',
      labelNames: ['code'],
    });
    this.waitingReviews = registry.gauge({
      name: 'metrics_server_reviews_waiting',
      help: '[ALPHA] Reviews that wait for their turn to be asked of the API server.',
      labelNames: ['review'],
    });
    this.runningReviews = registry.gauge({
      name: 'metrics_server_reviews_in_flight',
      help: '[ALPHA] Reviews that the API server has been asked for and has not answered.',
      labelNames: ['review'],
    });
    this.refusedReviews = registry.counter({
      name: 'metrics_server_reviews_refused_total',
      help: '[ALPHA] Reviews that the API server was not asked for because too many waited.',
      labelNames: ['review'],
    });
  }

  answered(request: RequestLabels, code: number, seconds: number): void {
    const labels = { ...request, component: '', dry_run: '' };
    this.requests.inc({ ...labels, code: String(code) });
    this.durations.observe(labels, seconds);
  }

  brokenOff({ group, resource, scope, subresource, verb, version }: RequestLabels): void {
    this.aborted.inc({ group, resource, scope, subresource, verb, version });
  }

  handshakeFailed(): void {
    this.failedHandshakes.inc();
  }

  connectionClosedForRoom(): void {
    this.closedForRoom.inc();
  }

  connectionClosedForResets(): void {
    this.closedForResets.inc();
  }

  answerCutOff(): void {
    this.cutOff.inc();
  }

  /** @param bytes are read when somebody looks */
  followUnreadAnswers(bytes: () => number): void {
    this.registry.collect(() => this.unread.set({}, bytes()));
  }

  requestsInFlight(kind: 'readOnly' | 'mutating', count: number): void {
    this.inFlight.set({ request_kind: kind }, count);
  }

  reviewRefused(review: Review): void {
    this.refusedReviews.inc({ review });
  }

  /** @param load is read when somebody looks */
  followReviews(review: Review, load: () => QueueLoad): void {
    this.registry.collect(() => {
      const { waiting, running } = load();
      this.waitingReviews.set({ review }, waiting);
      this.runningReviews.set({ review }, running);
    });
  }

  /** One attempt at a TokenReview was answered so, or not at all. */
  tokenReviewAnswered(code: number | undefined): void {
    this.authenticationRequests.inc({ code: codeLabel(code) });
  }

  /** One attempt at a SubjectAccessReview was answered so, or not at all. */
  accessReviewAnswered(code: number | undefined): void {
    this.authorizationRequests.inc({ code: codeLabel(code) });
  }
}

function codeLabel(code: number | undefined): string {
  return code === undefined ? '<error>' : String(code);
}
