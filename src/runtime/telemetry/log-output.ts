import { Clock, Stop } from '../clock';

export interface LogOutputOptions {
  /** Sends what is no error to standard output, rather than all to standard error. */
  readonly splitsStreams: boolean;
  /** Held back on its way to standard output. 0 for nothing. */
  readonly infoBufferBytes: number;
  /** The longest that it is held back. */
  readonly flushIntervalMs: number;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly clock: Clock;
}

/** Where the lines of the log go. */
export class LogOutput {
  private buffered = '';
  private bufferedBytes = 0;
  private stopTimer: Stop | undefined;

  constructor(private readonly options: LogOutputOptions) {}

  write(line: string, isError: boolean): void {
    const { splitsStreams, infoBufferBytes, flushIntervalMs, clock, stderr } = this.options;
    if (isError || !splitsStreams) return stderr(`${line}\n`);
    this.buffered += `${line}\n`;
    this.bufferedBytes += Buffer.byteLength(line) + 1;
    if (this.bufferedBytes >= infoBufferBytes) this.flush();
    else this.stopTimer ??= clock.after(flushIntervalMs, () => this.flush());
  }

  /** Writes what is held back. */
  flush(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    if (this.buffered === '') return;
    this.options.stdout(this.buffered);
    this.buffered = '';
    this.bufferedBytes = 0;
  }
}
