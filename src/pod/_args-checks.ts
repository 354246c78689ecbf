import { IConstruct } from 'constructs';
import { refuse } from '../validation/_validation';

const FLAG = /^--?[A-Za-z][-\w.]*(=[\s\S]*)?$/;

/** Name of the flag that an argument sets, without dashes. */
export function flagName(arg: string): string {
  return arg.replace(/^--?/, '').split(/[=\s]/)[0];
}

/** `--flag` or `--flag=value`, each an element: what a shell splits at spaces, a container's arguments do not. */
export function checkFlagSyntax(scope: IConstruct, property: string, args: readonly string[]): void {
  const wrong = args.findIndex((arg) => !FLAG.test(arg));
  if (wrong < 0) return;
  refuse(scope, {
    property: `${property}[${wrong}]`,
    given: args[wrong],
    allowed: '--flag or --flag=value, each in an element of its own',
    mend: mendOf(args[wrong], args[wrong - 1]),
  });
}

function mendOf(arg: string, before: string | undefined): string {
  const [, flag, value] = /^(--?[A-Za-z][-\w.]*)\s+(.*)$/.exec(arg) ?? [];
  if (flag) return `write ${flag}=${value}`;
  return before !== undefined && !arg.startsWith('-') && !before.includes('=') ? `write ${before}=${arg}, in one element` : 'write it as in --v=2';
}

/** A second value would win over the one that a property writes, or be appended to it. */
export function checkFlagsNotTaken(scope: IConstruct, property: string, args: readonly string[], propertyOfFlag: ReadonlyMap<string, string>): void {
  const taken = args.findIndex((arg) => arg.startsWith('-') && propertyOfFlag.has(flagName(arg)));
  if (taken < 0) return;
  const name = flagName(args[taken]);
  refuse(scope, {
    property: `${property}[${taken}]`,
    given: args[taken],
    allowed: `flags that no property writes; --${name} is what ${propertyOfFlag.get(name)} is for`,
    mend: `remove it, and set ${propertyOfFlag.get(name)} if the default does not fit`,
  });
}

/** A flag that stands among the arguments already. */
export function checkFlagsNotSet(scope: IConstruct, property: string, args: readonly string[], set: readonly string[]): void {
  const names = new Map(set.filter((arg) => arg.startsWith('-')).map((arg) => [flagName(arg), arg]));
  const again = args.findIndex((arg) => arg.startsWith('-') && names.has(flagName(arg)));
  if (again < 0) return;
  refuse(scope, {
    property: `${property}[${again}]`,
    given: args[again],
    allowed: `flags that are not set yet; the server has ${names.get(flagName(args[again]))} already`,
    mend: 'remove one of the two',
  });
}
