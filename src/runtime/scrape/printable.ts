/** What a stranger sent, as one line of visible ASCII that may stand in a log. */
export function printable(text: string, maxLength: number): string {
  const line = text.slice(0, maxLength * 2).replace(/[^\x20-\x7e]+/g, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}
