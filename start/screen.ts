import { WriteStream } from 'node:tty';
import { isDeepStrictEqual } from 'node:util';

type Size = Pick<WriteStream, 'rows' | 'columns'>;

/** Shows lines when they differ from the ones before: in their place on a terminal, below them anywhere else. */
export class Screen {
  private last: readonly string[] = [];

  constructor(private readonly stream: Pick<WriteStream, 'isTTY' | 'rows' | 'columns' | 'write'>) {}

  public show(lines: readonly string[]): void {
    const shown = this.stream.isTTY ? fit(lines, this.stream) : lines;
    if (isDeepStrictEqual(shown, this.last)) return;
    this.stream.write(`${this.separator()}${shown.join('\n')}\n`);
    this.last = shown;
  }

  private separator(): string {
    if (this.last.length === 0) return '';
    return this.stream.isTTY ? `\x1b[${this.last.length}A\x1b[0J` : '\n';
  }
}

/** The cursor cannot go back above the top of the terminal, and a line that wraps is two. */
function fit(lines: readonly string[], { rows, columns }: Size): readonly string[] {
  // A terminal that does not know its size says 0.
  if (rows === 0 || columns === 0) return lines;
  const room = rows - 1;
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines`];
  return shown.map((line) => line.slice(0, columns));
}
