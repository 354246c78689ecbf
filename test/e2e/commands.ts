import { readFileSync } from 'fs';

/** Commands that stand in a program's comments, or in a code block of a guide. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/^(?:\/\/ +)?(kubectl .*)$/gm)].map(([, command]) => command);
}

/** The commands of each block of a guide, or of those below one of its headings. */
export function guideBlocks(guide: string, heading?: string): string[][] {
  const text = readFileSync(guide, 'utf8');
  const section = heading === undefined ? text : text.slice(text.indexOf(`\n${heading}\n`) + heading.length).split('\n## ')[0];
  return [...section.matchAll(/^( *)```sh\n([^`]+)```$/gm)].map(([, indent, commands]) => commands.trimEnd().split('\n').map((line) => line.slice(indent.length)));
}
