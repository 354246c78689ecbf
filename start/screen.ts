import { WriteStream } from 'node:tty';

type Size = Pick<WriteStream, 'rows' | 'columns'>;

/** Shows lines: in place of the ones before on a terminal, one below the other anywhere else. */
export class Screen {
  private height = 0;

  constructor(private readonly stream: Pick<WriteStream, 'isTTY' | 'rows' | 'columns' | 'write'>) {}

  public show(lines: readonly string[]): void {
    const shown = this.stream.isTTY ? fit(lines, this.stream) : lines;
    const up = this.stream.isTTY && this.height > 0 ? `\x1b[${this.height}A\x1b[0J` : '';
    const apart = !this.stream.isTTY && this.height > 0 ? '\n' : '';
    this.stream.write(`${up}${apart}${shown.join('\n')}\n`);
    this.height = shown.length;
  }
}

/** The cursor cannot go back above the top of the terminal, and a line that wraps is two. */
function fit(lines: readonly string[], { rows, columns }: Size): readonly string[] {
  const room = rows - 1;
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines`];
  return shown.map((line) => line.slice(0, columns));
}
