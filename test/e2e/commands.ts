/** Commands that stand in a program's comments, or in a code block of a guide. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/^(?:\/\/ +)?(kubectl .*)$/gm)].map(([, command]) => command);
}
