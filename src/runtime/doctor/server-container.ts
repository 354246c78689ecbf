import { Container, PodSpec } from './objects';
import { FLAGS } from '../../_facts/flags';
import { Assignment, assignments } from '../flags/syntax';

/** The container of whose command line the server understands most: a nanny or a proxy may stand before it. */
export function serverContainer({ containers }: PodSpec): Container | undefined {
  const counted = containers.map((container) => ({ container, count: givenFlags(commandLine(container)).length }));
  return counted.reduce((most, one) => one.count > most.count ? one : most, { container: containers[0], count: 0 }).container;
}

export function commandLine({ command = [], args = [] }: Container): readonly string[] {
  return [...command, ...args];
}

/** One by one, so that a flag that is not known here hides no other. */
export function givenFlags(line: readonly string[]): readonly Assignment[] {
  return line.flatMap((argument, i) => argument.startsWith('-') ? assigned([argument]) ?? assigned([argument, line[i + 1] ?? '']) ?? [] : []);
}

function assigned(argv: readonly string[]): readonly Assignment[] | undefined {
  try {
    return [...assignments(argv, FLAGS)];
  } catch {
    return undefined;
  }
}
