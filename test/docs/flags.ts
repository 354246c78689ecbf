import { Flag, FLAG_SECTIONS, FLAGS, isWithoutEffect } from '../../src/_facts/flags';
import { FLAG_DIFFERENCES } from '../conformance/flag-differences';
import { FlagTest, flagTests } from '../runtime/main/flag-tests';

const HEAD = `<!-- Generated from src/_facts/flags.ts, titles of tests in test/runtime/main and test/conformance/flag-differences.ts by test/docs/flags.ts. -->
# Flags of the server

The flags of metrics-server v0.9.0, by its sections, and those of our own at the end. Of each that has an effect a test starts the program with it and
observes the effect.
`;

const DIFFERENCES = `
## What is taken by one and refused by the other

Odd values of every flag were given to v0.9.0 and to this program. Where one takes what the other refuses, it is for a reason:

| for example | taken | reason |
|---|---|---|
`;

const OTHERWISE = `
## What else is otherwise

* A mistake is one line and exit code 2, not a panic below the help; an unknown flag and a mistyped command are answered with the nearest name.
* \`--profiling=false\` turns profiles off; v0.9.0 does not heed it.
* \`PUT /debug/flags/v\` sets the verbosity of a log anew, as with v0.9.0, for who may \`put\` that path; \`--profiling=false\` turns that off too.
* \`METRICS_SERVER_WEBASSEMBLY=off\` in the environment leaves kubelets' pages and lists of pods to JavaScript; a line of the log at \`--v=1\` says which it is.
* A profile of the heap holds what was allocated in the time that is asked for and is still in use, not all that is: V8 samples only from when it is asked to.
  (From the start on, every 32 KiB, it took 3 % more CPU of a program that does nothing but allocate, and no more memory.) \`/debug/pprof/heap?seconds=600\` looks at ten minutes, \`--request-timeout\` notwithstanding.
`;

/** docs/flags.md. */
export function flagsPage(): string {
  const tests = flagTests();
  const shown = ({ file, observed }: FlagTest) => `${observed} ([${file}](../test/runtime/main/${file}))`;
  const sections = FLAG_SECTIONS.map((section) => ({ section, flags: FLAGS.filter((flag) => flag.section === section) }))
    .filter(({ flags }) => flags.length > 0);
  const tables = sections.map(({ section, flags }) => [
    '', `## ${section}`, '', '| flag | default | observed |', '|---|---|---|',
    ...flags.map((flag) => row(flag, isWithoutEffect(flag) ? 'accepted without effect' : tests.get(flag.name)!.map(shown).join('; '))), '',
  ].join('\n'));
  const differences = FLAG_DIFFERENCES.map(({ lines, taken, reason }) => `| ${lines.map((line) => `\`${line.join(' ')}\``).join(', ')} | ${taken} | ${reason} |\n`);
  return [HEAD, ...tables, DIFFERENCES, ...differences, OTHERWISE].join('');
}

function row({ name, default: value }: Flag, observed: string): string {
  return `| \`--${name}\` | ${value === '' ? 'none' : `\`${value}\``} | ${observed} |`;
}
