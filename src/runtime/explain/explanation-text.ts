import { AutoscalerView, ExplainedValue, Explanation } from './explanation';
import { textTable } from '../debug/text-table';

/** Answers may be of megabytes; JSON has them whole. */
const MAX_ANSWER_LENGTH = 4000;

const VIEWS: Readonly<Record<AutoscalerView['type'], string>> = {
  Pods: 'is the average, which a metric of type Pods compares with averageValue',
  Object: 'is what a metric of type Object compares with value, or divided by the replicas with averageValue',
  External: 'is the sum, which a metric of type External compares with value, or divided by the replicas with averageValue',
};

/** An explanation for people. */
export function explanationText(explanation: Explanation): string {
  const { metric, resource, namespace, derivation, values, withoutValue, autoscaler, failure } = explanation;
  const facts: [name: string, text: string | undefined][] = [
    ['Metric', `${metric}, ${resource === undefined ? 'external' : `of ${resource}`}${namespace && ` in namespace ${namespace}`}`],
    ['Rule', derivation ? derivation.rule : 'none here; another adapter may have the metric'],
    ['Series', derivation?.series],
    ['Asked', derivation?.asked],
    ...(derivation?.exchanges ?? []).map(({ source, answer }): [string, string] => ['Answer', `source ${source}: ${shortened(answer)}`]),
    ['Failed', derivation?.failure],
    ['Object', derivation?.nameLabel && `label ${derivation.nameLabel}`],
    ['Namespace', derivation?.namespaceLabel && `label ${derivation.namespaceLabel}`],
    ['Served', failure],
    ['Autoscaler', autoscaler && `${autoscaler.value} ${VIEWS[autoscaler.type]}`],
  ];
  const lines = facts.flatMap(([name, text]) => text === undefined || text === '' ? [] : `${`${name}:`.padEnd(12)}${text}\n`);
  const rows = [...values.map(row), ...withoutValue.map((object) => [object, 'none', '', '', ''])];
  return lines.join('') + (rows.length === 0 ? '' : `\n${textTable([[resource === undefined ? 'SERIES' : 'OBJECT', 'VALUE', 'AGE', 'TIME', 'WINDOW'], ...rows])}`);
}

function row({ object, labels, value, ageSeconds, timestamp, windowSeconds }: ExplainedValue): string[] {
  return [object ?? JSON.stringify(labels), value, `${ageSeconds}s`, timestamp, windowSeconds === undefined ? '' : `${windowSeconds}s`];
}

function shortened(answer: string): string {
  return answer.length <= MAX_ANSWER_LENGTH ? answer : `${answer.slice(0, MAX_ANSWER_LENGTH)}… (${answer.length} characters)`;
}
