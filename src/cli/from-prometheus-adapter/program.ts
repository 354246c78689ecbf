import { isLeft, Left, Statement, Translation } from './translate';
import { chartModule } from '../typescript/chart-module';
import { commentLines } from '../typescript/comment';
import { Call, Expression } from '../typescript/expression';
import { print } from '../typescript/print';

const USUAL_URL = 'http://prometheus.monitoring.svc:9090';

export interface Program {
  readonly file: string;
  readonly translation: Translation;
  readonly namespace: string;
  readonly prometheusUrl?: string;
  /** Address of the guide that says how the cluster is moved. */
  readonly guide: string;
}

type Property = readonly [name: string, value: Expression, remarks: readonly string[]];

/** The configuration as a chart of cdk8s. */
export function programOf({ file, translation: { resourceRules, statements }, namespace, prometheusUrl, guide }: Program): string {
  const properties: Property[] = [
    ['namespace', namespace, []],
    ['sources', [new Call('MetricSource.prometheus', { url: prometheusUrl ?? USUAL_URL })], remarksOnSource(prometheusUrl)],
    ...resourceRules ? [['resourceRules', resourceRules.options, resourceRules.remarks] as Property] : [],
    ['apiServices', false, ['prometheus-adapter serves on until this one runs. Then remove the line, or write gitOps in its place, and apply again']],
  ];
  return chartModule({
    heading: `What prometheus-adapter serves by ${file}, by one replica; two, as its own manifests have, come with highAvailability: true. `
      + `How the cluster is moved, and which of its arguments go into extraArgs: ${guide}`,
    construct: 'MetricsAdapter',
    values: [...properties.map(([, value]) => value), ...statements.flatMap((one) => isLeft(one) ? [] : [one.options])],
    body: [
      `    ${statements.some((one) => !isLeft(one)) ? 'const metrics = ' : ''}new MetricsAdapter(this, 'metrics-adapter', {`,
      ...properties.flatMap(([name, value, remarks]) => [
        ...remarks.flatMap((text) => commentLines(`${text}.`, 6)),
        `      ${name}: ${print(value, 6, name.length + 3)},`,
      ]),
      '    });',
      ...statements.flatMap(linesOf),
    ],
  }).join('\n');
}

function remarksOnSource(url: string | undefined): string[] {
  if (url === undefined) return ['prometheus-adapter has the URL as its argument --prometheus-url, and what else it takes to be let in'];
  return /^https:/i.test(url)
    ? ['prometheus-adapter has in other arguments whom it trusts and what it shows to be let in, such as --prometheus-ca-file and --prometheus-auth-incluster.'
      + ' Without certificateAuthority the CAs of the image are trusted, and without credentials nothing is shown']
    : [];
}

function linesOf(one: Statement | Left): string[] {
  if (isLeft(one)) return ['', ...commentLines(`NOT TRANSLATED: ${one.at}: ${one.reason}`, 4)];
  return [
    '',
    ...commentLines(`${one.at}`, 4),
    ...one.remarks.flatMap((text) => commentLines(`${text}.`, 4)),
    `    ${print(new Call(`metrics.${one.method}`, one.options), 4, 1)};`,
  ];
}
