import { Severity } from './check';
import { Diagnosis, exitCodeOf, WORST_FIRST } from './diagnosis';
import { wrapped } from './wrapped';
import { printable } from '../scrape/printable';

const WIDTH = 80;
const INDENT = 9;
/** Of one text: messages of others may be of any length. */
const MAX_LENGTH = 2_000;

/** What was found, for people: each finding with its mend below, as wide as a terminal at least is. */
export function textReport(diagnoses: readonly Diagnosis[]): string {
  const lines = diagnoses.flatMap(({ check, severity, saw, mend }) => [
    ...block(severity, `${check}: ${saw}`),
    ...mend === undefined ? [] : block('', `mend: ${mend}`),
  ]);
  const counts = countsOf(diagnoses);
  return `${lines.join('\n')}\n\n${WORST_FIRST.map((severity) => `${counts[severity]} ${severity}`).join(', ')}\n`;
}

/** The same for programs. */
export function jsonReport(diagnoses: readonly Diagnosis[]): string {
  return `${JSON.stringify({ findings: diagnoses, summary: countsOf(diagnoses), exitCode: exitCodeOf(diagnoses) }, null, 2)}\n`;
}

/** A label and what belongs to it, which hangs beside it. */
function block(label: string, text: string): string[] {
  const [first, ...others] = wrapped(printable(text, MAX_LENGTH), WIDTH - INDENT);
  return [label.padEnd(INDENT) + first, ...others.map((line) => ' '.repeat(INDENT) + line)];
}

function countsOf(diagnoses: readonly Diagnosis[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) => diagnoses.filter((one) => one.severity === severity).length;
  return Object.fromEntries(WORST_FIRST.map((severity) => [severity, count(severity)])) as Record<Severity, number>;
}
