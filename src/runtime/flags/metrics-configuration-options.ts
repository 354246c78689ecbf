import { ParsedFlags } from './parse';

/** What the flags say of the file that tells which custom and external metrics are served. */
export interface MetricsConfigurationOptions {
  readonly configFile: string;
  readonly relistIntervalMs: number;
  readonly maxAgeMs: number;
}

export function metricsConfigurationOptions(parsed: ParsedFlags): MetricsConfigurationOptions {
  const relistIntervalMs = parsed.get('duration', 'metrics-relist-interval');
  return {
    configFile: parsed.get('string', 'config'),
    relistIntervalMs,
    maxAgeMs: parsed.get('duration', 'metrics-max-age') || relistIntervalMs,
  };
}

/** What is wrong with them, one line each. */
export function metricsConfigurationMistakes(parsed: ParsedFlags): string[] {
  const relistIntervalMs = parsed.get('duration', 'metrics-relist-interval');
  const maxAgeMs = parsed.get('duration', 'metrics-max-age');
  return [
    ...relistIntervalMs > 0 ? [] : [`--metrics-relist-interval must be positive, but value ${parsed.text('metrics-relist-interval')} provided`],
    ...maxAgeMs === 0 || maxAgeMs >= relistIntervalMs ? [] : ['--metrics-max-age must be at least --metrics-relist-interval '
      + `(${parsed.text('metrics-relist-interval')}), but value ${parsed.text('metrics-max-age')} provided; leave it out for the same`],
  ];
}
