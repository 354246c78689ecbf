import { Mistake } from './mistake';

/** What `parse` makes of a command's arguments. @throws Mistake that says what they lack */
export function argumentsOf<T>(command: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Mistake(`${command}: ${(error as Error).message.split('. ')[0]}; --help says more`);
  }
}
