import { Fault } from './fault';
import { FAULTS } from './faults';
import { groupByKey } from '../../src/_facts/group-by-key';

const INTRODUCTION = `# What goes wrong, and what the runtime does about it

Each row is a test: \`npm run test:faults\` lets it happen five times to the runtime in a process of its own, with three simulated kubelets and a
simulated API server. While a fault lasts, what is served, logged and counted is as its row says, and no other warning is logged. When it is over,
within a minute every answer is as before. A minute after the fifth time, the process has as many sockets open as before, and at most a tenth
more memory than after the second time; it never has more than 192 MiB.

A line of the log comes once each time, or where it says so, once a minute. \`…\` stands for what differs.
`;

/** docs/faults.md, as it is generated. */
export function faultsPage(): string {
  return `${INTRODUCTION}${Object.entries(FAULTS).map(([area, faults]) => section(area, faults)).join('')}`;
}

function section(area: string, faults: readonly Fault[]): string {
  const alike = alikeButForTheReason(faults);
  const others = faults.filter((fault) => !alike.includes(fault));
  return `\n## ${area}\n${alike.length > 0 ? reasons(alike) : ''}\n| what goes wrong | served | logged | counted |\n|---|---|---|---|\n${others.map(row).join('')}`;
}

function row(fault: Fault): string {
  return `| ${[fault.name, served(fault), logged(fault), counted(fault)].join(' | ')} |\n`;
}

/** What all of them show, once, and a table of what does not. */
function reasons(alike: readonly Fault[]): string {
  const [isServed, isLogged, isCounted] = [served, logged, counted].map((cell) => withoutReason(cell(alike[0])));
  return `
These differ in their reason, for which \`REASON\` stands; all else is alike:

- served: ${isServed}
- logged: ${isLogged}
- counted: ${isCounted}

| what goes wrong | reason |
|---|---|
${alike.map((fault) => `| ${fault.name} | ${code(reasonOf(fault)!)} |\n`).join('')}
The others:
`;
}

const REASON = /\breason="([^"…]+)"/g;

/** The largest group whose rows are the same once each has its own reason taken out; none where no two are. */
function alikeButForTheReason(faults: readonly Fault[]): readonly Fault[] {
  const groups = groupByKey(faults.filter((fault) => reasonOf(fault) !== undefined)
    .map((fault) => [[served, logged, counted].map((cell) => withoutReason(cell(fault))).join('\n'), fault]));
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return largest.length > 1 ? largest : [];
}

/** The one reason that a fault's row names; undefined where it names none, or several. */
function reasonOf(fault: Fault): string | undefined {
  const named = new Set([...`${logged(fault)} ${counted(fault)}`.matchAll(REASON)].map(([, reason]) => reason));
  return named.size === 1 ? [...named][0] : undefined;
}

function withoutReason(cell: string): string {
  return cell.replace(REASON, 'reason="REASON"');
}

function served({ served: claims, servedAfterwards = [] }: Fault): string {
  return [...claims.map(({ says }) => says), ...servedAfterwards.map(({ says }) => `afterwards ${says}`)].join('; ');
}

function logged({ logged: lines, loggedAtTimes = [], loggedAfterwards = [] }: Fault): string {
  return [
    ...lines.map(code),
    ...loggedAtTimes.map((line) => `once a minute ${code(line)}`),
    ...loggedAfterwards.map((line) => `afterwards ${code(line)}`),
  ].join('; ') || 'nothing';
}

function counted({ counted: series }: Fault): string {
  return series.map(code).join('; ') || 'nothing';
}

function code(text: string): string {
  return `\`${text}\``;
}
