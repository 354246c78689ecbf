import { readFileSync } from 'fs';
import { Clock } from '../clock';
import { RotatingText } from './rotating-text';

/** Text of a small file that rotates: read again when older than `maxAgeMs`. */
export class CachedFile implements RotatingText {
  private text: string | undefined;
  private readMs = 0;
  private stale = true;
  private refused: string | undefined;

  /** `check` throws for a text that cannot be used. */
  constructor(
    readonly path: string,
    private readonly clock: Clock,
    private readonly maxAgeMs = 60_000,
    private readonly check: (text: string) => unknown = () => {},
  ) {}

  get failure(): string | undefined {
    return this.refused;
  }

  /**
   * While a rotation leaves the file missing, empty or unusable, the last good text stays and each read tries again.
   *
   * @throws the file system's error when the file never could be read, or an Error when it never held anything usable.
   */
  read(): string {
    if (this.stale || this.clock.monotonic() - this.readMs >= this.maxAgeMs) this.refresh();
    return this.text!;
  }

  invalidate(): void {
    this.stale = true;
  }

  private refresh(): void {
    this.stale = true;
    try {
      const text = readFileSync(this.path, 'utf8');
      if (text.trim() === '') throw new Error(`${this.path} is empty`);
      this.check(text);
      this.text = text;
      this.readMs = this.clock.monotonic();
      this.stale = false;
      this.refused = undefined;
    } catch (error) {
      this.refused = (error as Error).message;
      if (this.text === undefined) throw error;
    }
  }
}
