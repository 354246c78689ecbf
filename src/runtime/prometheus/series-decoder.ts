const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/** The depth of a series: within the answer's object and its `data`. */
const SERIES_DEPTH = 2;
const MAX_SERIES_BYTES = 64 * 1024;
const MAX_ENVELOPE_BYTES = 64 * 1024;

/** Reads an answer of `/api/v1/series` series by series: hundreds of megabytes are never held at once. */
export class SeriesDecoder {
  private depth = 0;
  private inText = false;
  private escaped = false;
  private afterSeries = false;
  private series: Buffer[] | undefined;
  private seriesBytes = 0;
  private envelope = '';

  constructor(private readonly onSeries: (labels: Readonly<Record<string, string>>) => void) {}

  /** @throws Error for what is no answer of Prometheus */
  push(chunk: Buffer): void {
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.inText) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inText = false;
      } else if (byte === QUOTE) {
        this.inText = true;
      } else if (OPEN.has(byte)) {
        if (this.depth++ === SERIES_DEPTH && this.series === undefined) {
          this.keep(chunk.subarray(begin, at));
          begin = at;
          this.series = [];
        }
      } else if (CLOSE.has(byte)) {
        if (--this.depth === SERIES_DEPTH && this.series !== undefined) {
          this.collect(chunk.subarray(begin, at + 1));
          begin = at + 1;
          this.emit();
        }
      }
    }
    if (this.series === undefined) this.keep(chunk.subarray(begin));
    else this.collect(chunk.subarray(begin));
  }

  /** What surrounds the series, as JSON, once everything has arrived. @throws Error when something is missing */
  end(): string {
    if (this.depth !== 0 || this.inText) throw new Error('it ends in the middle');
    return this.envelope;
  }

  private collect(bytes: Buffer): void {
    this.seriesBytes += bytes.length;
    if (this.seriesBytes > MAX_SERIES_BYTES) throw new Error(`it has a series of more than ${MAX_SERIES_BYTES} bytes`);
    // The chunk may be reused by who sent it.
    this.series!.push(Buffer.from(bytes));
  }

  private emit(): void {
    this.onSeries(JSON.parse(Buffer.concat(this.series!, this.seriesBytes).toString('utf8')));
    this.series = undefined;
    this.seriesBytes = 0;
    this.afterSeries = true;
  }

  /** Without the commas between series. */
  private keep(bytes: Buffer): void {
    const text = bytes.toString('latin1');
    const rest = this.afterSeries ? text.replace(/^\s*,?/, '') : text;
    // A chunk may end within the space before the comma.
    if (/\S/.test(text)) this.afterSeries = false;
    this.envelope += rest;
    if (this.envelope.length > MAX_ENVELOPE_BYTES) throw new Error('it is no list of series');
  }
}
