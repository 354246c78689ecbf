import { codeBlocks } from '../docs/code-blocks';

/** Commands that stand in a program's comments. */
export function commandsOf(program: string): string[] {
  return [...program.matchAll(/^\/\/ +(kubectl .*)$/gm)].map(([, command]) => command);
}

/** The commands of each block of a guide, or of those below one of its headings. */
export function guideBlocks(guide: string, heading?: string): string[][] {
  return codeBlocks(guide, 'sh', heading).map((text) => text.trimEnd().split('\n'));
}
