import { Level } from './event';
import { MetricRegistry } from '../../telemetry/metric-registry';

/** What auditing tells of itself, under k8s.io/apiserver's names. */
export class AuditMetrics {
  private readonly levels;
  private readonly events;
  private readonly errors;
  private readonly rejected;

  constructor(registry: MetricRegistry) {
    this.levels = registry.counter({ name: 'apiserver_audit_level_total', help: '[ALPHA] Requests by the level at which the policy has them recorded.', labelNames: ['level'] });
    this.events = registry.counter({ name: 'apiserver_audit_event_total', help: '[ALPHA] Audit events that were made.', labelNames: [] });
    this.errors = registry.counter({ name: 'apiserver_audit_error_total', help: '[ALPHA] Failures of audit backends, each of which lost events.', labelNames: ['plugin'] });
    this.rejected = registry.counter({
      name: 'apiserver_audit_requests_rejected_total', help: '[ALPHA] Requests that were refused because their audit event was lost.', labelNames: [],
    });
  }

  /** Once for each request, also for one of which nothing is recorded. */
  levelDecided(level: Level): void {
    this.levels.inc({ level });
  }

  eventMade(): void {
    this.events.inc({});
  }

  eventsLost(plugin: string): void {
    this.errors.inc({ plugin });
  }

  requestRejected(): void {
    this.rejected.inc({});
  }
}
