import { CHART } from '../../src/cli/from-helm/chart';
import { Mapping } from '../../src/cli/from-helm/mapping';
import { MAPPINGS } from '../../src/cli/from-helm/mappings';
import { Trap, TRAPS } from '../../src/cli/from-helm/traps';
import { chartLeaves, UNRELEASED } from '../cli/from-helm/chart-values';

/** The page docs/helm-values.md. */
export function helmValuesPage(): string {
  return `<!-- Generated from src/cli/from-helm and the chart's values.yaml. -->
# Values of Helm's chart, and what says the same here

Every value of the chart \`${CHART.name}\` ${CHART.version}, and those that its repository has gained since. Values of one block share a row. \`npx cdk8s-metrics-server from-helm values.yaml\`,
with the package [installed](../README.md#install), reads a values file and prints the TypeScript; [migrate-from-helm.md](migrate-from-helm.md) moves a release that runs.

A name without a type in front of it is a property of \`MetricsServer\`. [API.md](../API.md) has all of them, with their defaults.

| value | default of the chart | here | |
|---|---|---|---|
${rows().join('\n')}

## Traps of the chart

Values that do something else than they seem to. \`from-helm\` comments on each that a values file steps into. The rules find in the
chart's manifests, as in any other, what a manifest shows of them.

| the trap | what the chart does | what this package does instead | rules |
|---|---|---|---|
${TRAPS.map(trap).join('\n')}
`;
}

/** Values next to each other that one mapping translates, with the same words. */
function rows(): string[] {
  const blocks: { mapping: Mapping; values: [string, unknown][] }[] = [];
  for (const [value, standard] of chartLeaves()) {
    const mapping = MAPPINGS.find(({ values }) => Object.hasOwn(values, value))!;
    const last = blocks[blocks.length - 1];
    if (last?.mapping === mapping) last.values.push([value, standard]);
    else blocks.push({ mapping, values: [[value, standard]] });
  }
  return blocks.map(({ mapping, values }) => row(mapping, values));
}

function row({ properties, note }: Mapping, values: readonly [string, unknown][]): string {
  const names = values.map(([value]) => `\`${value}\`${UNRELEASED.has(value) ? ' (not released)' : ''}`).join('<br>');
  const here = properties.map((name) => `\`${name.replace('MetricsServerProps.', '')}\``).join(', ') || 'none';
  return `| ${names} | ${values.map(([, standard]) => code(standard)).join('<br>')} | ${here} | ${note} |`;
}

function trap({ title, chart, instead, rules }: Trap): string {
  return `| ${[title, chart, instead].map(sentence).join(' | ')} | ${rules.map(link).join(', ') || 'none: no manifest shows it'} |`;
}

function code(standard: unknown): string {
  return standard === null ? 'none' : `\`${JSON.stringify(standard)}\``;
}

function link(rule: string): string {
  return `[${rule}](rules/${rule}.md)`;
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
