import { sourceOfFlags } from './source-flags';
import { metricsConfigurationMistakes, MetricsConfigurationOptions, metricsConfigurationOptions } from '../flags/metrics-configuration-options';
import { ServerOptions, serverOptionsFrom } from '../flags/options';
import { ParsedFlags } from '../flags/parse';
import { UsageError } from '../flags/usage-error';
import { SourceConfiguration } from '../prometheus/source-configuration';

/** What the command line of the adapter asks for, checked. */
export interface MetricsAdapterOptions extends MetricsConfigurationOptions {
  readonly server: ServerOptions;
  /** For a configuration without sources. */
  readonly defaultSource?: SourceConfiguration;
}

/** @throws UsageError with a line for every mistake */
export function metricsAdapterOptions(parsed: ParsedFlags): MetricsAdapterOptions {
  const mistakes = mistakesIn(parsed);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  const server = serverOptionsFrom(parsed);
  return {
    ...metricsConfigurationOptions(parsed),
    server: {
      ...server,
      kubeconfig: server.kubeconfig ?? (parsed.get('string', 'lister-kubeconfig') || undefined),
      serving: { ...server.serving, http2: { ...server.serving.http2, disabled: server.serving.http2.disabled || parsed.get('bool', 'disable-http2') } },
    },
    defaultSource: sourceOfFlags(parsed),
  };
}

function mistakesIn(parsed: ParsedFlags): string[] {
  const rules: readonly (readonly [found: boolean, mistake: string])[] = [
    [!parsed.isSet('config'), '--config is missing; give the file that says what is read from Prometheus, such as /etc/adapter/config.yaml'],
    [parsed.isSet('prometheus-auth-config'), '--prometheus-auth-config is not read; give what its kubeconfig holds as --prometheus-ca-file, --prometheus-token-file,'
      + ' --prometheus-client-tls-cert-file and --prometheus-client-tls-key-file, which are read again as they rotate'],
    [parsed.isSet('kubeconfig') && parsed.isSet('lister-kubeconfig'), 'cannot use both --kubeconfig and --lister-kubeconfig'],
  ];
  return [...rules.filter(([found]) => found).map(([, mistake]) => mistake), ...metricsConfigurationMistakes(parsed)];
}
