import { Clock, Random } from './clock';
import { ApiClient } from './cluster/api-client';
import { pause } from './cluster/backoff';
import { kubeconfigConfig } from './cluster/kubeconfig';
import { ParsedFile } from './cluster/parsed-file';
import { flagFile } from './flag-file';
import { AuditBackendOptions, AuditLogOptions, AuditOptions, AuditWebhookOptions } from './flags/audit-options';
import { UsageError } from './flags/usage-error';
import { AuditMetrics } from './server/audit/audit-metrics';
import { Auditor } from './server/audit/auditor';
import { AuditBackend } from './server/audit/backend';
import { Batching } from './server/audit/batching';
import { AuditEvent } from './server/audit/event';
import { LineSink, LogBackend } from './server/audit/log-backend';
import { AuditDecision, AuditPolicy, decide } from './server/audit/policy';
import { policyFrom, unknownFields } from './server/audit/policy-document';
import { RotatingFile } from './server/audit/rotating-file';
import { Truncation } from './server/audit/truncation';
import { WebhookBackend } from './server/audit/webhook-backend';
import { Attributes } from './server/authorization/attributes';
import { RecurringLog } from './server/recurring-log';
import { Logger } from './telemetry/logger';
import { MetricRegistry } from './telemetry/metric-registry';

export interface AuditingOptions {
  readonly audit: AuditOptions;
  readonly registry: MetricRegistry;
  readonly userAgent: string;
  /** Standard output. */
  readonly stdout: NodeJS.WritableStream;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Where events go, and whether a request is refused that cannot go there. */
interface Sink {
  readonly name: string;
  readonly isStrict: boolean;
  readonly backend: AuditBackend;
}

/** A webhook that hangs is given up before. The kubelet ends what is not at its end after `--shutdown-delay-duration`, draining and this. */
const HANDLED_MS = 4_000;

/** How soon a new policy counts. */
const POLICY_MAX_AGE_MS = 5_000;

const WEBHOOK_TIMEOUT_MS = 30_000;

/** What `--audit-*` ask for: nothing without a policy, nor without a place for events. */
export class Auditing {
  /** To be used from `start` on. Undefined when nothing is asked for. */
  readonly auditor: Auditor | undefined;
  private readonly metrics: AuditMetrics | undefined;
  private readonly lost: RecurringLog;
  private readonly untidy: RecurringLog;
  private readonly sinks: Sink[] = [];
  private policy?: () => AuditPolicy;
  private hurriable?: WebhookBackend;

  constructor(private readonly options: AuditingOptions) {
    const { audit: { policyFile, log, webhook }, registry, clock, logger } = options;
    this.lost = new RecurringLog(clock, (err) => logger.error('Unable to keep audit events', { err }));
    this.untidy = new RecurringLog(clock, (err) => logger.warn('Unable to set audit logs aside, or to tidy up; events are kept', { err }));
    if (!log && !webhook) return;
    if (policyFile === undefined) {
      logger.warn('Nothing is audited without --audit-policy-file');
      return;
    }
    this.metrics = new AuditMetrics(registry);
    this.auditor = new Auditor({ decide: (attributes) => this.decide(attributes), keep: (event) => this.keep(event), clock });
  }

  /** @throws UsageError, or KubeconfigError, when a file cannot be used */
  async start(): Promise<void> {
    const { policyFile, log, webhook } = this.options.audit;
    // A mistake in it is told whether or not there is a place for events.
    if (policyFile !== undefined) this.policy = await this.policySource(policyFile);
    if (!this.auditor) return;
    if (log) this.add('log', log, new LogBackend(await this.lineSink(log), log.format));
    if (webhook) this.add('webhook', webhook, await this.webhook(webhook));
  }

  /** Writes what waits, and what comes of requests until they are `handled`, unless a write hangs that they wait for. */
  async stop(handled?: Promise<void>): Promise<void> {
    this.hurriable?.hurry();
    const isOver = new AbortController();
    await Promise.race([handled, pause(this.options.clock, HANDLED_MS, isOver.signal)]);
    isOver.abort();
    await Promise.all(this.sinks.map(({ name, backend }) => backend.close().catch((error) => this.onLost(name, error))));
  }

  private add(name: string, { mode, batch, truncation }: AuditBackendOptions, target: AuditBackend): void {
    const truncating = truncation ? new Truncation(target, truncation) : target;
    const { clock } = this.options;
    const backend = mode === 'batch' ? new Batching(truncating, { ...batch, clock, onLost: (error) => this.onLost(name, error) }) : truncating;
    this.sinks.push({ name, isStrict: mode === 'blocking-strict', backend });
  }

  private decide(attributes: Attributes): AuditDecision {
    const decision = decide(this.policy!(), attributes);
    this.metrics!.levelDecided(decision.level);
    return decision;
  }

  private async keep(event: AuditEvent): Promise<boolean> {
    this.metrics!.eventMade();
    const kept = await Promise.all(this.sinks.map(async ({ name, isStrict, backend }) => {
      try {
        await backend.write([event]);
        return true;
      } catch (error) {
        this.onLost(name, error);
        return !isStrict;
      }
    }));
    if (kept.every(Boolean)) return true;
    if (event.stage === 'RequestReceived') this.metrics!.requestRejected();
    return false;
  }

  private onLost(plugin: string, error: unknown): void {
    this.metrics!.eventsLost(plugin);
    this.lost.log(`${plugin}: ${(error as Error).message}`);
  }

  /** The policy as its file has it, or had it when it could be used last. */
  private async policySource(path: string): Promise<() => AuditPolicy> {
    const { clock, logger } = this.options;
    const { parseAllDocuments } = await import('yaml');
    flagFile('--audit-policy-file', path, clock);
    // As kube-apiserver reads it: the first document counts, and of two equal keys the last.
    const parse = (text: string) => {
      const [document] = parseAllDocuments(text, { uniqueKeys: false });
      if (document?.errors.length > 0) throw document.errors[0];
      const value: unknown = document?.toJS();
      const policy = policyFrom(value);
      const ignored = unknownFields(value);
      if (ignored.length > 0) logger.warn('The audit policy has unknown fields, which are ignored', { path, fields: ignored.join() });
      return policy;
    };
    const file = new ParsedFile({ path, maxAgeMs: POLICY_MAX_AGE_MS, parse, what: 'audit policy', clock, logger });
    try {
      file.read();
    } catch (error) {
      throw new UsageError([`--audit-policy-file=${path}: ${firstLine(error)}; correct it`]);
    }
    return () => file.read();
  }

  private async lineSink(log: AuditLogOptions): Promise<LineSink> {
    const { stdout, clock } = this.options;
    if (log.path === '-') {
      const write = (text: string) => new Promise<void>((resolve, reject) => stdout.write(text, (error) => error ? reject(error) : resolve()));
      return { write, close: async () => {} };
    }
    const file = new RotatingFile({ ...log, clock, onFailure: (error) => this.untidy.log((error as Error).message) });
    try {
      await file.open();
    } catch (error) {
      throw new UsageError([`--audit-log-path=${log.path} cannot be written to (${(error as NodeJS.ErrnoException).code}); check the path and its permissions`]);
    }
    return file;
  }

  private async webhook({ kubeconfig, initialBackoffMs }: AuditWebhookOptions): Promise<WebhookBackend> {
    const { clock, random, logger, userAgent } = this.options;
    const client = new ApiClient({ config: await kubeconfigConfig(kubeconfig, clock, logger), userAgent, clock });
    const backend = new WebhookBackend({ post: (body, signal) => post(client, body, signal), initialBackoffMs, clock, random });
    this.hurriable = backend;
    return backend;
  }
}

/** Whatever the webhook has to say beside its status. */
async function post(client: ApiClient, body: unknown, signal: AbortSignal): Promise<void> {
  let status = 0;
  try {
    await client.request({ method: 'POST', path: '', body, signal, timeoutMs: WEBHOOK_TIMEOUT_MS, onAnswer: (code = 0) => { status = code; } });
  } catch (error) {
    if (status < 200 || status > 299) throw error;
  }
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0].replace(/:$/, '');
}
