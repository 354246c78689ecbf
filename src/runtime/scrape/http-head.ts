import { protocol } from './http-response-error';

/** How the body after the head ends. */
export type Framing = 'none' | 'length' | 'chunked' | 'until-close';

/** What an HTTP/1.1 answer says before its body, line by line. */
export class HttpHead {
  status = 0;
  statusText = '';
  /** The connection may carry another request. */
  keepAlive = false;
  framing: Framing = 'none';
  /** Of a body that is framed by it. */
  contentLength = 0;
  /** The body is compressed, as it was asked for. */
  gzipped = false;
  private readonly headers = new Map<string, string>();
  private parsedDateMs: number | undefined;

  constructor(private readonly acceptsGzip = false) {}

  /** Of the Date header, Unix milliseconds; NaN without. */
  get dateMs(): number {
    return this.parsedDateMs ??= Date.parse(this.header('date') ?? '');
  }

  /** Lower-case name. */
  header(name: string): string | undefined {
    return this.headers.get(name);
  }

  /** @throws HttpResponseError */
  readStatus(line: string): void {
    const match = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/.exec(line);
    if (!match) throw protocol('the answer is not HTTP/1.1', line);
    this.keepAlive = match[1] === '1';
    this.status = Number(match[2]);
    this.statusText = match[3] ?? '';
  }

  /** @throws HttpResponseError */
  readHeader(line: string): void {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!match) throw protocol('a header of the answer cannot be read', line);
    const name = match[1].toLowerCase();
    const earlier = this.headers.get(name);
    if (name === 'content-length' && earlier !== undefined && earlier !== match[2]) throw protocol('two different Content-Length headers', line);
    this.headers.set(name, earlier === undefined || name === 'content-length' ? match[2] : `${earlier}, ${match[2]}`);
  }

  /**
   * Whether this is the head of the answer, and not of an interim one before it.
   *
   * @throws HttpResponseError
   */
  end(): boolean {
    if (this.status < 200) {
      if (this.status === 101) throw protocol('the answer changes the protocol, though nobody asked for it', this.statusText);
      this.headers.clear();
      return false;
    }
    if (/\bclose\b/i.test(this.header('connection') ?? '')) this.keepAlive = false;
    this.gzipped = this.isGzipped();
    this.framing = this.framingOfBody();
    if (this.framing === 'until-close') this.keepAlive = false;
    return true;
  }

  private isGzipped(): boolean {
    const encoding = this.header('content-encoding') ?? '';
    switch (encoding.toLowerCase()) {
      case '': case 'identity': return false;
      case 'gzip': if (this.acceptsGzip) return true;
    }
    throw protocol(`the body is compressed, though it was asked for ${this.acceptsGzip ? 'with gzip' : 'as it is'}; Content-Encoding`, encoding);
  }

  private framingOfBody(): Framing {
    const transferEncoding = this.header('transfer-encoding');
    const contentLength = this.header('content-length');
    if (this.status === 204 || this.status === 304) return 'none';
    if (transferEncoding !== undefined) {
      if (transferEncoding.toLowerCase() !== 'chunked') throw protocol('unknown Transfer-Encoding', transferEncoding);
      if (contentLength !== undefined) throw protocol('Transfer-Encoding and Content-Length exclude one another', contentLength);
      return 'chunked';
    }
    if (contentLength === undefined) return 'until-close';
    if (!/^\d{1,15}$/.test(contentLength)) throw protocol('Content-Length is not a number', contentLength);
    this.contentLength = Number(contentLength);
    return this.contentLength === 0 ? 'none' : 'length';
  }
}
