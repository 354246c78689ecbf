import { DeclaredMetric, declaredMetric, SourceName } from './declared-metric';
import { DiscoveryRule, discoveryRule } from './discovery-rule';
import { checkReferences, withNamespacesOfReferences } from './metric-references';
import { ResourceRules, resourceRules } from './resource-rules';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { readDocument } from '../../configuration-file/document';
import { adapterConfiguration } from '../../other-adapters/adapter-configuration';
import { filesOf, SourceConfiguration, sourceConfiguration, sourceSaid } from '../../prometheus/source-configuration';

/** What is served: prometheus-adapter's configuration, and beside it sources, metrics that say where they come from, and other adapters. */
export interface PrometheusConfiguration {
  /** At least one where something asks them. */
  readonly sources: readonly SourceConfiguration[];
  readonly metrics: readonly DeclaredMetric[];
  readonly rules: readonly DiscoveryRule[];
  readonly externalRules: readonly DiscoveryRule[];
  readonly resourceRules?: ResourceRules;
  /** Asked for what is not ours. */
  readonly adapters: readonly SourceConfiguration[];
  /** With credentials and certificates of all of them. */
  readonly files: readonly string[];
}

/** What the server that reads a configuration has without it. */
export interface ConfigurationContext {
  /** The one that flags name, for a file without `sources`. */
  readonly defaultSource?: SourceConfiguration;
  /** Kubelets give it the usage of nodes and pods: `resourceRules` are refused. */
  readonly besideKubelets?: boolean;
}

/**
 * Reads a configuration whole.
 *
 * @throws ConfigurationError
 */
export async function readConfiguration(
  file: string, text: string, { defaultSource, besideKubelets = false }: ConfigurationContext = {},
): Promise<PrometheusConfiguration> {
  const document = await readDocument(file, text);
  const fields = document.fields('sources', 'metrics', 'rules', 'externalRules', 'resourceRules', 'adapters');
  if (besideKubelets && !fields.resourceRules.isAbsent) {
    throw fields.resourceRules.error('are for a server that asks no kubelets, and this one has metrics.k8s.io from them; leave them out');
  }
  const given = named(fields.sources, sourceConfiguration);
  const sources = given.length > 0 || !defaultSource ? given : [defaultSource];
  const adapters = named(fields.adapters, adapterConfiguration, sources);
  const noSource = () => document.error('names no sources, nor is --prometheus-url given; add sources with a name and a url');
  if (sources.length === 0 && (adapters.length === 0 && fields.metrics.isAbsent || !fields.resourceRules.isAbsent)) throw noSource();
  const sourceName: SourceName = (node) => {
    const name = node.text() || undefined;
    if (sources.length === 0) throw noSource();
    if (name === undefined || sources.some((source) => source.name === name)) return name;
    throw node.error(`is ${JSON.stringify(name)}; sources are ${sources.map((source) => source.name).join(', ')}`);
  };
  const sourcesSaid = (names: readonly (string | undefined)[]) => names.map((name) => sourceSaid(sources, name)).join(' ');
  const metrics = metricsOf(fields.metrics, (node) => declaredMetric(node, sourceName, sourcesSaid));
  return {
    sources,
    metrics,
    rules: fields.rules.list().map((node) => discoveryRule(node, sourceName)),
    externalRules: fields.externalRules.list().map((node) => discoveryRule(node, sourceName)),
    resourceRules: fields.resourceRules.isAbsent ? undefined : resourceRules(fields.resourceRules),
    adapters,
    files: [...[...sources, ...adapters].flatMap(filesOf), ...metrics.flatMap(({ origin }) => origin.files ?? [])],
  };
}

/** All have names of their own: messages and metrics tell them apart by these. */
function named(
  node: ConfigurationNode, read: (item: ConfigurationNode) => SourceConfiguration, others: readonly SourceConfiguration[] = [],
): readonly SourceConfiguration[] {
  const known = new Set(others.map(({ name }) => name));
  return node.list().map((item) => {
    const source = read(item);
    if (known.has(source.name)) throw item.error(`is a second source named ${source.name}; give each a name of its own`);
    known.add(source.name);
    return source;
  });
}

function metricsOf(node: ConfigurationNode, read: (item: ConfigurationNode) => DeclaredMetric): readonly DeclaredMetric[] {
  const known = new Set<string>();
  const metrics = node.list().map((item) => {
    const metric = read(item);
    const { group, resource } = metric.object?.groupResource ?? { group: '', resource: '' };
    const key = `${group}/${resource}/${metric.name}`;
    if (known.has(key)) throw item.error(`is a second metric named ${metric.name}${metric.object ? ` of ${resource}` : ''}; give each a name of its own`);
    known.add(key);
    return metric;
  });
  checkReferences(metrics);
  return withNamespacesOfReferences(metrics);
}
