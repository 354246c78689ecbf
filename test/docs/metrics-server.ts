import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const SRC = path.join(__dirname, '..', '..', 'src');
const STRUCT = 'MetricsServerProps';

/** Properties by what they are for. A property that is in no group fails the test of the page. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Start here': ['image', 'platform', 'clusterVersion', 'highAvailability', 'sizing', 'gitOps'],
  'Certificates': ['servingCertificate'],
  'Kubelets and scraping': [
    'kubeletAccess', 'kubeletPort', 'kubeletUseNodeStatusPort', 'kubeletPreferredAddressTypes', 'kubeletSource', 'kubeletRequestTimeout', 'metricResolution',
    'metricRetention', 'scrapeNodeSelector', 'watchContainerStates', 'nodeEvents', 'upstreamCompatible',
  ],
  'Names and labels': [
    'name', 'namespace', 'labels', 'selectorLabels', 'podLabels', 'podAnnotations', 'deploymentAnnotations', 'serviceAnnotations', 'serviceLabels', 'apiServiceAnnotations',
  ],
  'Replicas and rollout': ['replicas', 'disruptionBudget', 'updateStrategy', 'revisionHistoryLimit', 'shutdownDelay', 'terminationGracePeriod', 'livenessProbe', 'readinessProbe'],
  'Placement': ['nodeSelector', 'tolerations', 'affinity', 'topologySpreadConstraints', 'priorityClassName', 'schedulerName', 'runtimeClassName'],
  'Resources, volumes and flags': ['resources', 'env', 'tmpVolume', 'extraVolumes', 'extraVolumeMounts', 'extraArgs', 'imagePullPolicy', 'imagePullSecrets'],
  'Network': ['securePort', 'servicePort', 'serviceType', 'headlessService', 'hostNetwork', 'dnsConfig', 'networkPolicy'],
  'Security': ['podSecurityContext', 'containerSecurityContext', 'hostUsers'],
  'Rights and objects made elsewhere': [
    'rbac', 'authBindings', 'apiServices', 'serviceAccount', 'createdServiceAccountName', 'serviceAccountAnnotations', 'serviceAccountSecrets',
  ],
  'Monitoring': ['monitoring', 'alertRules', 'dashboard', 'prometheusJob'],
};

export interface Property {
  readonly name: string;
  readonly standard: string;
  readonly summary: string;
}

/** Every property of a metrics server, with those that its structs inherit. */
export function metricsServerProperties(): ReadonlyMap<string, Property> {
  return new Map(propertiesOf(STRUCT).map((property) => [property.name, property]));
}

/** The page docs/metrics-server.md. */
export function metricsServerPage(): string {
  const properties = metricsServerProperties();
  const rows = (names: readonly string[]) => names.map((name) => row(properties.get(name)!)).join('\n');
  return `<!-- Generated from the doc comments of ${STRUCT} by test/docs/metrics-server.ts. -->
# Properties of MetricsServer

All ${properties.size} properties by purpose, each with the first sentence of its description. The name leads to the whole of it in
[API.md](../API.md). None has to be given.

${Object.entries(GROUPS).map(([title, names]) => `## ${title}\n\n| property | default | |\n|---|---|---|\n${rows(names)}`).join('\n\n')}
`;
}

function row({ name, standard, summary }: Property): string {
  return `| [\`${name}\`](../API.md#cdk8s-metrics-server.${STRUCT}.property.${name}) | ${standard} | ${summary} |`;
}

function propertiesOf(struct: string): Property[] {
  const declaration = declarationOf(struct);
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) => types).flatMap(({ expression }) => propertiesOf(expression.getText()));
  return [...inherited, ...declaration.members.filter(ts.isPropertySignature).filter((member) => !member.name.getText().startsWith('_')).map(propertyOf)];
}

/** Structs are in the file of their name, or in the one of the construct that they belong to. */
function declarationOf(struct: string): ts.InterfaceDeclaration {
  const kebab = struct.replace(/Props$/, '').replace(/(?<=[a-z])[A-Z]/g, (capital) => `-${capital}`).toLowerCase();
  const files = fs.readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const names = [`${kebab}.ts`, `${kebab.replace(/-options$/, '')}.ts`];
  const file = path.join(SRC, names.flatMap((name) => files.filter((f) => path.basename(f) === name))[0]);
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === struct)!;
}

function propertyOf(member: ts.PropertySignature): Property {
  const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const tag = comment.tags?.find(({ tagName }) => tagName.text === 'default');
  return { name: member.name.getText(), standard: cell(standardOf(oneLine(tag?.comment))), summary: cell(firstSentence(oneLine(comment.comment))) };
}

/** `- none` is said in words; anything else is code, perhaps with a remark behind a dash. */
function standardOf(text: string): string {
  if (text.startsWith('- ')) return text.slice(2);
  const [code, ...remark] = text.split(' - ');
  return [`\`${code}\``, ...remark].join(', ');
}

function oneLine(text: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(text) ?? '').replace(/\s+/g, ' ').trim();
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s[A-Z`]|$)/.exec(text)?.[0] ?? text;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}
