const LINE_FEED = 0x0a;
const SHOWN_BYTES = 60;

/** A page that is not Prometheus text. Nothing of such a page is used. */
export class PageError extends Error {
  /** Says what is wrong at a position of the page, with the text found there. */
  static at(body: Buffer, position: number, what: string): PageError {
    let line = 1;
    for (let at = body.indexOf(LINE_FEED); at >= 0 && at < position; at = body.indexOf(LINE_FEED, at + 1)) line++;
    const lineEnd = body.indexOf(LINE_FEED, position);
    const end = Math.min(lineEnd < 0 ? body.length : lineEnd, position + SHOWN_BYTES);
    const found = JSON.stringify(body.toString('latin1', position, end)).replace(/[\x7f-\xff]/g, '?');
    return new PageError(`line ${line}: ${what}, found ${found}`);
  }

  override readonly name = 'PageError';
}
