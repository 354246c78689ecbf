import { Fault } from './fault';
import { FAULTS } from './faults';

const INTRODUCTION = `# What goes wrong, and what the runtime does about it

Each row is a test: \`npm run test:faults\` lets it happen five times to the runtime in a process of its own, with three simulated kubelets and a
simulated API server. While a fault lasts, what is served, logged and counted is as the row says, and no other warning is logged. When it is over,
within a minute every answer is as before. A minute after the fifth time, the process has as many sockets open as before, and at most a tenth
more memory than after the second time; it never has more than 192 MiB.

A line of the log comes once each time, or where it says so, once a minute. \`…\` stands for what differs.
`;

/** docs/faults.md, as it is generated. */
export function faultsPage(): string {
  return `${INTRODUCTION}${Object.entries(FAULTS).map(([area, faults]) => section(area, faults)).join('')}`;
}

function section(area: string, faults: readonly Fault[]): string {
  const rows = faults.map((fault) => `| ${[fault.name, served(fault), logged(fault), counted(fault)].join(' | ')} |\n`);
  return `\n## ${area}\n\n| what goes wrong | served | logged | counted |\n|---|---|---|---|\n${rows.join('')}`;
}

function served({ served: claims }: Fault): string {
  return claims.map(({ says }) => says).join('; ');
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
