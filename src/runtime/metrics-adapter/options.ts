import { sourceOfFlags } from './source-flags';
import { ServerOptions, serverOptionsFrom } from '../flags/options';
import { ParsedFlags } from '../flags/parse';
import { UsageError } from '../flags/usage-error';
import { SourceConfiguration } from '../prometheus/configuration/source-configuration';

/** What the command line of the adapter asks for, checked. */
export interface MetricsAdapterOptions {
  readonly server: ServerOptions;
  readonly configFile: string;
  /** For a configuration without sources. */
  readonly defaultSource?: SourceConfiguration;
  readonly relistIntervalMs: number;
  readonly maxAgeMs: number;
}

/** @throws UsageError with a line for every mistake */
export function metricsAdapterOptions(parsed: ParsedFlags): MetricsAdapterOptions {
  const mistakes = mistakesIn(parsed);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const server = serverOptionsFrom(parsed);
  const relistIntervalMs = parsed.get('duration', 'metrics-relist-interval');
  return {
    server: {
      ...server,
      kubeconfig: server.kubeconfig ?? (parsed.get('string', 'lister-kubeconfig') || undefined),
      serving: { ...server.serving, http2: { ...server.serving.http2, disabled: server.serving.http2.disabled || parsed.get('bool', 'disable-http2') } },
    },
    configFile: parsed.get('string', 'config'),
    defaultSource: sourceOfFlags(parsed),
    relistIntervalMs,
    maxAgeMs: parsed.get('duration', 'metrics-max-age') || relistIntervalMs,
  };
}

function mistakesIn(parsed: ParsedFlags): string[] {
  const relistIntervalMs = parsed.get('duration', 'metrics-relist-interval');
  const maxAgeMs = parsed.get('duration', 'metrics-max-age');
  const rules: readonly (readonly [found: boolean, mistake: string])[] = [
    [!parsed.isSet('config'), '--config is missing; give the file that says what is read from Prometheus, such as /etc/adapter/config.yaml'],
    [parsed.isSet('prometheus-auth-config'), '--prometheus-auth-config is not read; give what its kubeconfig holds as --prometheus-ca-file, --prometheus-token-file,'
      + ' --prometheus-client-tls-cert-file and --prometheus-client-tls-key-file, which are read again as they rotate'],
    [parsed.isSet('kubeconfig') && parsed.isSet('lister-kubeconfig'), 'cannot use both --kubeconfig and --lister-kubeconfig'],
    [relistIntervalMs <= 0, `--metrics-relist-interval must be positive, but value ${parsed.text('metrics-relist-interval')} provided`],
    [maxAgeMs !== 0 && maxAgeMs < relistIntervalMs, '--metrics-max-age must be at least --metrics-relist-interval '
      + `(${parsed.text('metrics-relist-interval')}), but value ${parsed.text('metrics-max-age')} provided; leave it out for the same`],
  ];
  return rules.filter(([found]) => found).map(([, mistake]) => mistake);
}
