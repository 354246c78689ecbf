import { commentLines } from './comment';
import { Expression, importsOf } from './expression';
import { printNames } from './print';

const PACKAGE = 'cdk8s-metrics-server';
const CORE = ['Duration'];

/** A module with one chart, which has one construct in its middle. */
export interface ChartModule {
  readonly heading: string;
  /** Class of the construct, such as `MetricsServer`. The chart is called after it. */
  readonly construct: string;
  /** Expressions in the body, for what they need imported. */
  readonly values: readonly Expression[];
  /** Lines of the constructor. */
  readonly body: readonly string[];
}

/** The lines of a module, the last one empty. */
export function chartModule({ heading, construct, values, body }: ChartModule): string[] {
  return [
    ...commentLines(heading, 0),
    ...imports([...new Set([construct, ...values.flatMap(importsOf)])].sort()),
    '',
    `export class ${construct}Chart extends Chart {`,
    '  constructor(scope: Construct, id: string) {',
    '    super(scope, id);',
    '',
    ...body,
    '  }',
    '}',
    '',
  ];
}

function imports(names: readonly string[]): string[] {
  return [
    printNames(['Chart', ...names.filter((name) => CORE.includes(name))], 'import ', ' from \'cdk8s\';'),
    printNames(names.filter((name) => !CORE.includes(name)), 'import ', ` from '${PACKAGE}';`),
    'import { Construct } from \'constructs\';',
  ];
}
