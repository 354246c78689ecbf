const WIDTH = 120;

/** Text as comments that end at the page's margin. */
export function commentLines(text: string, indent: number, prefix = '// '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && indent + prefix.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${prefix}${one}`);
}
