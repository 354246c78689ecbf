import { ConfigurationNode } from './configuration-node';
import { DeclaredMetric, declaredMetric, SourceName } from './declared-metric';
import { DiscoveryRule, discoveryRule } from './discovery-rule';
import { readDocument } from './document';
import { ResourceRules, resourceRules } from './resource-rules';
import { SourceConfiguration, sourceConfiguration } from './source-configuration';

/** What is read from Prometheus: prometheus-adapter's configuration, and beside it sources and metrics that name their query. */
export interface PrometheusConfiguration {
  /** At least one. */
  readonly sources: readonly SourceConfiguration[];
  readonly metrics: readonly DeclaredMetric[];
  readonly rules: readonly DiscoveryRule[];
  readonly externalRules: readonly DiscoveryRule[];
  readonly resourceRules?: ResourceRules;
}

/**
 * Reads a configuration whole. `defaultSource` is the one that flags name, for a file without `sources`.
 *
 * @throws ConfigurationError
 */
export async function readConfiguration(file: string, text: string, defaultSource?: SourceConfiguration): Promise<PrometheusConfiguration> {
  const document = await readDocument(file, text);
  const fields = document.fields('sources', 'metrics', 'rules', 'externalRules', 'resourceRules');
  const sources = sourcesOf(document, fields.sources, defaultSource);
  const sourceName: SourceName = (node) => {
    const name = node.text() || undefined;
    if (name === undefined || sources.some((source) => source.name === name)) return name;
    throw node.error(`is ${JSON.stringify(name)}; sources are ${sources.map((source) => source.name).join(', ')}`);
  };
  return {
    sources,
    metrics: metricsOf(fields.metrics, sourceName),
    rules: fields.rules.list().map((node) => discoveryRule(node, sourceName)),
    externalRules: fields.externalRules.list().map((node) => discoveryRule(node, sourceName)),
    resourceRules: fields.resourceRules.isAbsent ? undefined : resourceRules(fields.resourceRules),
  };
}

function sourcesOf(
  document: ConfigurationNode, node: ConfigurationNode, defaultSource: SourceConfiguration | undefined,
): readonly SourceConfiguration[] {
  const sources = node.list().map((item) => {
    const source = sourceConfiguration(item);
    return { item, source };
  });
  const twice = sources.find(({ source }, index) => sources.findIndex((other) => other.source.name === source.name) !== index);
  if (twice) throw twice.item.error(`is a second source named ${twice.source.name}; give each a name of its own`);
  if (sources.length > 0) return sources.map(({ source }) => source);
  if (!defaultSource) throw document.error('names no sources, nor is --prometheus-url given; add sources with a name and a url');
  return [defaultSource];
}

function metricsOf(node: ConfigurationNode, sourceName: SourceName): readonly DeclaredMetric[] {
  const known = new Set<string>();
  return node.list().map((item) => {
    const metric = declaredMetric(item, sourceName);
    const { group, resource } = metric.object?.groupResource ?? { group: '', resource: '' };
    const key = `${group}/${resource}/${metric.name}`;
    if (known.has(key)) throw item.error(`is a second metric named ${metric.name}${metric.object ? ` of ${resource}` : ''}; give each a name of its own`);
    known.add(key);
    return metric;
  });
}
