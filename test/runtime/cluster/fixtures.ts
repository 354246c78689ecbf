import { ClusterConfig } from '../../../src/runtime/cluster/cluster-config';
import { LogFields, Logger } from '../../../src/runtime/telemetry/logger';

/** A configuration that trusts whatever it is given. */
export function configFor(server: URL, overrides: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    server,
    insecureSkipTlsVerify: false,
    certificateAuthority: () => undefined,
    credentials: async () => ({}),
    invalidate() {},
    ...overrides,
  };
}

/** Keeps the lines that an operator would see without -v. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];

  info(message: string, fields?: LogFields): void {
    this.lines.push(line('I', message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    this.lines.push(line('W', message, fields));
  }

  error(message: string, fields?: LogFields): void {
    this.lines.push(line('E', message, fields));
  }

  verbose(): void {}
}

function line(severity: string, message: string, fields: LogFields = {}): string {
  return [severity, message, ...Object.entries(fields).map(([key, value]) => `${key}=${value}`)].join(' ');
}
