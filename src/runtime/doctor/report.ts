import { Severity } from './check';
import { Diagnosis, exitCodeOf } from './diagnosis';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'unknown', 'ok'];

/** What was found, for people: a line for each finding, its mend below. */
export function textReport(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ check }) => check.length));
  const indent = ' '.repeat(9 + width + 2);
  const lines = diagnoses.flatMap(({ check, severity, saw, mend }) => [
    `${severity.padEnd(9)}${check.padEnd(width)}  ${saw}`,
    ...mend === undefined ? [] : [`${indent}mend: ${mend}`],
  ]);
  const counts = countsOf(diagnoses);
  return `${lines.join('\n')}\n\n${SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ')}\n`;
}

/** The same for programs. */
export function jsonReport(diagnoses: readonly Diagnosis[]): string {
  return `${JSON.stringify({ findings: diagnoses, summary: countsOf(diagnoses), exitCode: exitCodeOf(diagnoses) }, null, 2)}\n`;
}

function countsOf(diagnoses: readonly Diagnosis[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) => diagnoses.filter((one) => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), unknown: count('unknown'), ok: count('ok') };
}
