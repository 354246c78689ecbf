/** Lines that say what is going on. They go to stderr: stdout holds the tables alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const STEPS = 4;

/** The headline of a step; what it came to is said below it. */
export function step(number: number, what: string): void {
  say(`[${number}/${STEPS}] ${what}`);
}

export function detail(line: string): void {
  say(`      ${line}`);
}

/** A line that changes: in place on a terminal, else a new line for each change. */
export class StatusLine {
  private shown = '';

  public show(line: string): void {
    if (line === this.shown) return;
    this.shown = line;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K      ${line}`);
    else detail(line);
  }

  public end(): void {
    if (process.stderr.isTTY && this.shown !== '') process.stderr.write('\n');
  }
}
