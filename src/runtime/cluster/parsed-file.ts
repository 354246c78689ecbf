import { CachedFile } from './cached-file';
import { Clock } from '../clock';
import { Logger } from '../telemetry/logger';

export interface ParsedFileOptions<T> {
  readonly path: string;
  /** That named the file, for log lines. */
  readonly flag?: string;
  /** How soon a change is noticed. @default 60000 */
  readonly maxAgeMs?: number;
  /** Throws for a text that cannot be used. */
  readonly parse: (text: string) => T;
  /** For log lines: `audit policy`. */
  readonly what: string;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** What a small file that rotates says. What it said last stays in use, which is logged once, while it says nothing usable. */
export class ParsedFile<T> {
  private readonly file: CachedFile;
  private text: string | undefined;
  private value: T | undefined;
  private reported: string | undefined;

  constructor(private readonly options: ParsedFileOptions<T>) {
    const { path, clock, maxAgeMs } = options;
    this.file = new CachedFile(path, clock, maxAgeMs, (text) => this.take(text));
  }

  /** @throws as CachedFile does */
  read(): T {
    this.file.read();
    this.report();
    return this.value!;
  }

  /** The next read goes to the file. */
  invalidate(): void {
    this.file.invalidate();
  }

  private take(text: string): void {
    if (text === this.text) return;
    this.value = this.options.parse(text);
    this.text = text;
  }

  private report(): void {
    const { failure } = this.file;
    if (failure === this.reported) return;
    this.reported = failure;
    const { what, flag, path, logger } = this.options;
    if (failure !== undefined) logger?.warn(`Keeping the ${what} in use`, { ...flag && { flag }, path, reason: failure.split('\n')[0] });
  }
}
