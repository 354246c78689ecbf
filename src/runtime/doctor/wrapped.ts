/** Lines of at most `width` characters. What stands in backquotes is a command that somebody copies: it is never broken. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.match(/[^\s`]*`[^`]*`\S*|\S+/g) ?? []) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
