import { Refused } from './accept';
import { CHART, Release } from './chart';
import { API_SERVICES_CHART, GitOpsTool } from './git-ops-tool';
import { Move } from './move';
import { moving } from './moving';
import { Translation } from './translation';
import { Trap } from './traps';
import { groupByKey } from '../../_facts/group-by-key';
import { chartModule } from '../typescript/chart-module';
import { commentLines } from '../typescript/comment';
import { Expression } from '../typescript/expression';
import { print } from '../typescript/print';

export interface Program {
  readonly release: Release;
  readonly translation: Translation;
  /** What is printed of the translation. */
  readonly properties: ReadonlyMap<string, Expression>;
  /** Left in comments. */
  readonly refused: readonly Refused[];
  readonly traps: readonly Trap[];
  readonly move: Move;
  readonly gitOps?: GitOpsTool;
  /** Address of the guide that says more about moving. */
  readonly guide: string;
}

/** The release as a chart of cdk8s. */
export function programOf({ release, translation, properties, refused, traps, move, gitOps, guide }: Program): string {
  const { remarks, untranslated } = translation;
  const comments = groupByKey([
    ...untranslated.map(({ value, reason }) => ({ property: '', text: `NOT TRANSLATED: ${value}: ${reason}` })),
    ...traps.map(({ property, chart, instead }) => ({ property, text: `Trap of the chart: ${chart}. Here ${instead}.` })),
    ...remarks.map(({ property, text }) => ({ property, text: `${text}.` })),
  ].map(({ property, text }) => [properties.has(property) ? property : '', text]));

  const body = [...properties].flatMap(([name, value]) => [
    ...(comments.get(name) ?? []).flatMap((text) => commentLines(text, 6)),
    `      ${name}: ${print(value, 6, name.length + 3)},`,
  ]);
  const chart = chartModule({
    heading: `Release ${release.name} of Helm's chart ${CHART.name} ${CHART.version}, in namespace ${release.namespace}.`,
    construct: 'MetricsServer',
    values: [...properties.values()],
    body: [
      ...gitOps === 'flux' ? [`    const ${API_SERVICES_CHART} = new Chart(scope, \`\${id}-api-services\`);`] : [],
      ...(comments.get('') ?? []).flatMap((text) => commentLines(text, 4)),
      ...refused.flatMap((one) => [...commentLines(`REFUSED: ${one.reason}`, 4), ...commentedOut(one)]),
      '    new MetricsServer(this, \'metrics-server\', {',
      ...body,
      '    });',
    ],
  });
  return [
    ...chart,
    ...moving({ move, release, gitOps, guide }).flatMap(asComment),
    '',
  ].join('\n');
}

/** Names come from the values, and may hold line breaks. */
function asComment(line: string): string[] {
  const [first, ...rest] = line.split(LINE_BREAK);
  return [first, ...rest.map((text) => `//   ${text}`)];
}

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** The property as it would stand in the program. */
function commentedOut({ property, value }: Refused): string[] {
  return `${property}: ${print(value, 6)},`.split(LINE_BREAK).map((line) => `    //   ${line}`);
}
