import { ParsedFlags } from './parse';
import { goQuote } from '../go-quote';
import { Rate } from '../token-bucket';

/** What `--audit-*` ask for. */
export interface AuditOptions {
  readonly policyFile?: string;
  readonly log?: AuditLogOptions;
  readonly webhook?: AuditWebhookOptions;
}

/** How events go to a backend. */
export interface AuditBackendOptions {
  readonly mode: AuditMode;
  readonly batch: {
    readonly bufferSize: number;
    readonly maxBatchSize: number;
    readonly maxWaitMs: number;
    /** None if undefined. */
    readonly throttle?: Rate;
  };
  /** None if undefined. */
  readonly truncation?: { readonly maxEventBytes: number; readonly maxBatchBytes: number };
}

export interface AuditLogOptions extends AuditBackendOptions {
  /** `-` for standard output. */
  readonly path: string;
  readonly format: 'json' | 'legacy';
  /** 0 for any. */
  readonly maxBytes: number;
  /** 0 for any number. */
  readonly maxBackups: number;
  /** 0 for any. */
  readonly maxAgeDays: number;
  readonly compress: boolean;
}

export interface AuditWebhookOptions extends AuditBackendOptions {
  readonly kubeconfig: string;
  readonly initialBackoffMs: number;
}

const MODES = ['batch', 'blocking', 'blocking-strict'] as const;
const FORMATS = ['legacy', 'json'];
const VERSION = 'audit.k8s.io/v1';
const MEGABYTE = 1024 * 1024;

export type AuditMode = (typeof MODES)[number];

type Backend = 'log' | 'webhook';

export function auditOptions(parsed: ParsedFlags): AuditOptions {
  const text = (name: string) => parsed.get('string', name) || undefined;
  const path = text('audit-log-path');
  const kubeconfig = text('audit-webhook-config-file');
  return {
    policyFile: text('audit-policy-file'),
    log: path === undefined ? undefined : {
      ...backendOptions(parsed, 'log'),
      path,
      format: parsed.get('string', 'audit-log-format') as AuditLogOptions['format'],
      maxBytes: parsed.get('int', 'audit-log-maxsize') * MEGABYTE,
      maxBackups: parsed.get('int', 'audit-log-maxbackup'),
      maxAgeDays: parsed.get('int', 'audit-log-maxage'),
      compress: parsed.get('bool', 'audit-log-compress'),
    },
    webhook: kubeconfig === undefined ? undefined : {
      ...backendOptions(parsed, 'webhook'), kubeconfig, initialBackoffMs: parsed.get('duration', 'audit-webhook-initial-backoff'),
    },
  };
}

function backendOptions(parsed: ParsedFlags, backend: Backend): AuditBackendOptions {
  const flag = (name: string) => `audit-${backend}-${name}`;
  return {
    mode: parsed.get('string', flag('mode')) as AuditMode,
    batch: {
      bufferSize: parsed.get('int', flag('batch-buffer-size')),
      maxBatchSize: parsed.get('int', flag('batch-max-size')),
      maxWaitMs: parsed.get('duration', flag('batch-max-wait')),
      throttle: parsed.get('bool', flag('batch-throttle-enable'))
        ? { perSecond: parsed.get('float32', flag('batch-throttle-qps')), burst: parsed.get('int', flag('batch-throttle-burst')) }
        : undefined,
    },
    truncation: parsed.get('bool', flag('truncate-enabled'))
      ? { maxEventBytes: parsed.get('int', flag('truncate-max-event-size')), maxBatchBytes: parsed.get('int', flag('truncate-max-batch-size')) }
      : undefined,
  };
}

/** What is wrong with `--audit-*`, one line each. Of numbers, only those that count. */
export function auditMistakes(parsed: ParsedFlags): string[] {
  const format = parsed.get('string', 'audit-log-format');
  return [
    ...backendMistakes(parsed, 'log'),
    ...backendMistakes(parsed, 'webhook'),
    ...FORMATS.includes(format) ? [] : [`unknown --audit-log-format ${goQuote(format)}; allowed are ${FORMATS.join(', ')}`],
    ...['audit-log-maxsize', 'audit-log-maxbackup', 'audit-log-maxage'].filter((name) => parsed.get('int', name) < 0)
      .map((name) => `--${name} can not be negative value, but value ${parsed.text(name)} provided`),
    ...parsed.get('duration', 'audit-webhook-initial-backoff') < 0
      ? [`--audit-webhook-initial-backoff can not be negative value, but value ${parsed.text('audit-webhook-initial-backoff')} provided`] : [],
  ];
}

function backendMistakes(parsed: ParsedFlags, backend: Backend): string[] {
  const flag = (name: string) => `audit-${backend}-${name}`;
  const positive = (type: 'int' | 'float32', name: string) => parsed.get(type, flag(name)) > 0
    ? [] : [`--${flag(name)} must be positive, but value ${parsed.text(flag(name))} provided`];
  const mode = parsed.get('string', flag('mode'));
  const version = parsed.get('string', flag('version'));
  const truncates = parsed.get('bool', flag('truncate-enabled'));
  const batches = mode === 'batch';
  const throttles = batches && parsed.get('bool', flag('batch-throttle-enable'));
  return [
    ...MODES.some((known) => known === mode) ? [] : [`unknown --${flag('mode')} ${goQuote(mode)}; allowed are ${MODES.join(', ')}`],
    ...version === VERSION ? [] : [`unknown --${flag('version')} ${goQuote(version)}; allowed is ${VERSION}`],
    ...batches ? [...positive('int', 'batch-buffer-size'), ...positive('int', 'batch-max-size')] : [],
    ...batches && parsed.get('duration', flag('batch-max-wait')) < 0
      ? [`--${flag('batch-max-wait')} can not be negative value, but value ${parsed.text(flag('batch-max-wait'))} provided`] : [],
    ...throttles ? [...positive('float32', 'batch-throttle-qps'), ...positive('int', 'batch-throttle-burst')] : [],
    ...truncates ? positive('int', 'truncate-max-event-size') : [],
    ...truncates && parsed.get('int', flag('truncate-max-batch-size')) < parsed.get('int', flag('truncate-max-event-size'))
      ? [`--${flag('truncate-max-batch-size')} must not be less than --${flag('truncate-max-event-size')}, `
        + `but values ${parsed.text(flag('truncate-max-batch-size'))} and ${parsed.text(flag('truncate-max-event-size'))} provided`] : [],
  ];
}
