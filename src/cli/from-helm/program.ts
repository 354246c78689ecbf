import { CHART, Release } from './chart';
import { Move } from './move';
import { Translation } from './translation';
import { Trap } from './traps';
import { Expression, importsOf } from '../typescript/expression';
import { print, printNames } from '../typescript/print';

const WIDTH = 120;
const PACKAGE = 'cdk8s-metrics-server';
const CORE = ['Duration'];

export interface Program {
  readonly release: Release;
  readonly translation: Translation;
  readonly traps: readonly Trap[];
  /** Undefined where the construct refuses the properties. */
  readonly move?: Move;
  readonly refusal?: string;
}

/** The release as a chart of cdk8s. */
export function programOf({ release, translation, traps, move, refusal }: Program): string {
  const { properties, remarks, untranslated } = translation;
  const comments = new Map<string, string[]>();
  const comment = (property: string, text: string) => {
    const at = properties.has(property) ? property : '';
    comments.set(at, [...comments.get(at) ?? [], text]);
  };
  untranslated.forEach(({ value, reason }) => comment('', `NOT TRANSLATED: ${value}: ${reason}`));
  if (refusal) comment('', `REFUSED: ${refusal}`);
  traps.forEach(({ property, chart, instead }) => comment(property, `Trap of the chart: ${chart}. Here ${instead}.`));
  remarks.forEach(({ property, text }) => comment(property, `${text}.`));

  const body = [...properties].flatMap(([name, value]) => [
    ...(comments.get(name) ?? []).flatMap((text) => commentLines(text, 6)),
    `      ${name}: ${print(value, 6, name.length + 3)},`,
  ]);
  return [
    ...commentLines(`Release ${release.name} of Helm's chart ${CHART.name} ${CHART.version}, in namespace ${release.namespace}.`, 0),
    ...imports([...properties.values()]),
    '',
    'export class MetricsServerChart extends Chart {',
    '  constructor(scope: Construct, id: string) {',
    '    super(scope, id);',
    '',
    ...(comments.get('') ?? []).flatMap((text) => commentLines(text, 4)),
    '    new MetricsServer(this, \'metrics-server\', {',
    ...body,
    '    });',
    '  }',
    '}',
    ...move ? ['', ...moving(move)] : [],
    '',
  ].join('\n');
}

function imports(values: readonly Expression[]): string[] {
  const names = [...new Set(['MetricsServer', ...values.flatMap(importsOf)])].sort();
  return [
    printNames(['Chart', ...names.filter((name) => CORE.includes(name))], 'import ', ' from \'cdk8s\';'),
    printNames(names.filter((name) => !CORE.includes(name)), 'import ', ` from '${PACKAGE}';`),
    'import { Construct } from \'constructs\';',
  ];
}

function moving({ before, after }: Move): string[] {
  const commands = (list: Move['after']) => list.flatMap(({ command, why }, i) => [
    ...why === list[i - 1]?.why ? [] : commentLines(`${why}:`, 0, '//   # '),
    `//   ${command}`,
  ]);
  return [
    '// Moving the release in a cluster (docs/migrate-from-helm.md says more):',
    ...before.length > 0 ? ['// before the first apply', ...commands(before)] : [],
    '// apply, by either of',
    '//   kubectl apply -f dist/',
    '//   kubectl apply --server-side --force-conflicts -f dist/',
    '// when the new pods are ready',
    ...commands(after),
  ];
}

/** Text as comments that end at the page's margin. */
function commentLines(text: string, indent: number, prefix = '// '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && indent + prefix.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${prefix}${one}`);
}
