import { deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { HttpResponseReader } from '../../../src/runtime/scrape/http-response';
import { HttpResponseError } from '../../../src/runtime/scrape/http-response-error';
import { LastHttpHead } from '../../../src/runtime/scrape/last-http-head';

const MAX_BODY = 1000;

function read(text: string | Buffer, cuts: readonly number[] = [], closes = true, acceptsGzip = false): HttpResponseReader {
  const bytes = Buffer.from(text as string, 'latin1');
  const reader = new HttpResponseReader(MAX_BODY, undefined, acceptsGzip);
  const positions = [0, ...[...cuts].map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < positions.length; i++) reader.push(Buffer.from(bytes.subarray(positions[i - 1], positions[i])));
  if (closes && !reader.done) reader.end();
  return reader;
}

function answer(...lines: string[]): string {
  return lines.join('\r\n');
}

const OK = 'HTTP/1.1 200 OK';
const CHUNKED = 'Transfer-Encoding: chunked';

describe('answers that are read', () => {
  test('a body of known length', () => {
    const reader = read(answer(OK, 'content-length:  5 ', 'X-Y: 1', 'X-Y: 2', '', 'hello'), [], false);
    expect(reader.done).toBe(true);
    expect(reader.body.toString()).toBe('hello');
    expect([reader.status, reader.statusText, reader.keepAlive, reader.header('x-y')]).toEqual([200, 'OK', true, '1, 2']);
  });

  test('a body in chunks, with extensions and trailers', () => {
    const reader = read(answer(OK, CHUNKED, '', '3;name=value', 'hel', '002', 'lo', '0', 'Trailer: 1', '', ''), [], false);
    expect(reader.done).toBe(true);
    expect(reader.body.toString()).toBe('hello');
    expect(reader.keepAlive).toBe(true);
  });

  test('a body that ends with the connection', () => {
    const reader = read(answer(OK, '', 'hello'));
    expect(reader.body.toString()).toBe('hello');
    expect(reader.keepAlive).toBe(false);
  });

  test('no body with 204', () => {
    expect(read(answer('HTTP/1.1 204 No Content', 'Content-Length: 7', '', ''), [], false).done).toBe(true);
  });

  test('interim answers are skipped, with their headers', () => {
    const reader = read(answer('HTTP/1.1 100 Continue', 'Content-Length: 9', '', 'HTTP/1.1 103 Early Hints', '', OK, 'Content-Length: 2', '', 'ok'));
    expect(reader.body.toString()).toBe('ok');
  });

  test.each([
    ['HTTP/1.0', answer('HTTP/1.0 200 OK', 'Content-Length: 0', '', '')],
    ['Connection: close', answer(OK, 'Connection: Close', 'Content-Length: 0', '', '')],
    ['bytes after the end', answer(OK, 'Content-Length: 0', '', 'more')],
  ])('%s forbids another request on the connection', (_, text) => {
    expect(read(text).keepAlive).toBe(false);
  });

  test('line feeds alone end lines, the reason may be missing, identity is no encoding', () => {
    expect(read('HTTP/1.1 403 \nContent-Encoding: identity\nContent-Length: 1\n\nx').status).toBe(403);
    expect(read('HTTP/1.1 403\nContent-Length: 1\n\nx').statusText).toBe('');
  });

  test('a reader can be used again', () => {
    const reader = read(answer(OK, 'Content-Length: 5', '', 'hello'));
    reader.reset();
    reader.push(Buffer.from(answer('HTTP/1.1 500 Oh', CHUNKED, '', '1', 'x', '0', '', '')));
    expect([reader.status, reader.body.toString(), reader.done, reader.header('content-length')]).toEqual([500, 'x', true, undefined]);
  });
});

describe('readers that share the last head', () => {
  const lastHead = new LastHttpHead();
  const next = (text: string): HttpResponseReader => {
    const reader = new HttpResponseReader(MAX_BODY, lastHead);
    reader.push(Buffer.from(text));
    return reader;
  };
  const dated = (second: number): string => answer(OK, `Date: Sat, 21 Nov 2026 10:00:0${second} GMT`, CHUNKED, '', '1', 'x', '0', '', '');

  test('the same head again, and one that differs in a byte', () => {
    const dates = [1, 1, 2, 1].map((second) => next(dated(second)).dateMs);
    expect(dates).toEqual([1, 1, 2, 1].map((second) => Date.parse('2026-11-21T10:00:00Z') + 1000 * second));
    expect(next(dated(1)).body.toString()).toBe('x');
  });

  test('what came after the end of one answer says nothing of the next', () => {
    expect(next(`${dated(3)}more`).keepAlive).toBe(false);
    expect(next(dated(3)).keepAlive).toBe(true);
  });

  test('a head that is long, or cut, or of which there is only a part', () => {
    const long = answer(OK, `X: ${'x'.repeat(2000)}`, 'Content-Length: 1', '', 'x');
    for (const text of [long, long, dated(4), dated(4)]) expect(next(text).done).toBe(true);
    expect([next(dated(4).slice(0, 40)).status, next(dated(4).slice(0, 40)).done]).toEqual([200, false]);
  });

  test('each answer is as if it were read alone, however it is cut', () => {
    const heads = [
      answer(OK, CHUNKED, '', '1', 'x', '0', '', ''), answer(OK, 'Content-Length: 3', '', 'abc'), answer('HTTP/1.1 503 No', 'Content-Length: 3', '', 'abc'),
      answer('HTTP/1.1 100 Continue', '', OK, 'Content-Length: 1', '', 'x'), answer(OK, 'Content-Length: 3', 'Connection: close', '', 'abc'),
    ];
    const shown = ({ status, statusText, keepAlive, done, body }: HttpResponseReader) => [status, statusText, keepAlive, done, body.toString()];
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...heads), fc.nat({ max: 80 })), { maxLength: 8 }), (answers) => {
      for (const [text, cut] of answers) {
        const reader = next(text.slice(0, cut));
        reader.push(Buffer.from(text.slice(cut)));
        expect(shown(reader)).toEqual(shown(read(text)));
      }
    }));
  });
});

describe('answers that are refused', () => {
  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n', 'the answer is not HTTP/1.1: "SSH-2.0-OpenSSH"'],
    ['HTTP/2', 'HTTP/2 200\r\n', 'the answer is not HTTP/1.1'],
    ['a changed protocol', answer('HTTP/1.1 101 Switching', '', ''), 'changes the protocol'],
    ['a header without colon', answer(OK, 'what', '', ''), 'a header of the answer cannot be read: "what"'],
    ['a folded header', answer(OK, 'a: b', ' c', '', ''), 'a header of the answer cannot be read'],
    ['a blank before the colon', answer(OK, 'Content-Length : 5', '', ''), 'a header of the answer cannot be read'],
    ['gzip', answer(OK, 'Content-Encoding: gzip', 'Content-Length: 5', '', ''), 'the body is compressed, though it was asked for as it is; Content-Encoding: "gzip"'],
    ['gzip as transfer encoding', answer(OK, 'Transfer-Encoding: gzip, chunked', '', ''), 'unknown Transfer-Encoding: "gzip, chunked"'],
    ['both lengths', answer(OK, CHUNKED, 'Content-Length: 5', '', ''), 'exclude one another'],
    ['two lengths', answer(OK, 'Content-Length: 5', 'Content-Length: 6', '', ''), 'two different Content-Length headers'],
    ['a negative length', answer(OK, 'Content-Length: -5', '', ''), 'Content-Length is not a number: "-5"'],
    ['a chunk without size', answer(OK, CHUNKED, '', 'xyz', ''), 'a chunk of the body has no size: "xyz"'],
    ['a chunk longer than it says', answer(OK, CHUNKED, '', '1', 'xy', ''), 'a chunk of the body is longer than it said: "y"'],
    ['nothing', '', 'connection closed early, waiting for the answer'],
    ['half a header', 'HTTP/1.1 200', 'connection closed early'],
    ['half a body', answer(OK, 'Content-Length: 50', '', 'hello'), 'connection closed early, 5 bytes of the body read'],
    ['half a chunk', answer(OK, CHUNKED, '', '50', 'hello'), 'connection closed early, 5 bytes of the body read'],
    ['no last chunk', answer(OK, CHUNKED, '', '5', 'hello', ''), 'connection closed early, 5 bytes of the body read'],
    ['endless headers', `${OK}\r\n${'X-Filler: 0123456789\r\n'.repeat(4000)}`, 'the headers of the answer are larger than 65536 bytes'],
    ['an endless header', `${OK}\r\nX: ${'x'.repeat(70_000)}`, 'the headers of the answer are larger than 65536 bytes'],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    try { read(text); } catch (error) { expect(error).toMatchObject({ name: 'HttpResponseError', reason: 'protocol' }); }
  });

  test.each([
    ['by its length', answer(OK, 'Content-Length: 1001', '', ''), 'the answer has 1001 bytes, 1000 bytes are accepted'],
    ['by a chunk', answer(OK, CHUNKED, '', '3e9', ''), 'the answer has more, 1000 bytes are accepted'],
    ['by many chunks', answer(OK, CHUNKED, '', `${'64\r\n'}${'x'.repeat(100)}\r\n`.repeat(11)), 'the answer has more, 1000 bytes are accepted'],
    ['until the connection ends', answer(OK, '', 'x'.repeat(1001)), 'the answer has more, 1000 bytes are accepted'],
  ])('too large %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    try { read(text); } catch (error) { expect(error).toMatchObject({ reason: 'too-large' }); }
  });

  test('exactly as much as is accepted is read', () => {
    expect(read(answer(OK, 'Content-Length: 1000', '', 'x'.repeat(1000))).body).toHaveLength(1000);
  });
});

describe('compressed answers, where they are asked for', () => {
  const GZIP = 'Content-Encoding: gzip';
  const readGzip = (text: string, cuts: readonly number[] = []) => read(text, cuts, true, true);
  const framings: readonly (readonly [string, (body: string, encoding?: string) => string])[] = [
    ['of known length', (body, encoding = GZIP) => answer(OK, encoding, `Content-Length: ${body.length}`, '', body)],
    ['in chunks', (body, encoding = GZIP) => {
      const parts = [body.slice(0, 7), body.slice(7)].filter((part) => part !== '');
      return answer(OK, encoding, CHUNKED, '', ...parts.flatMap((part) => [part.length.toString(16), part]), '0', '', '');
    }],
    ['until the connection ends', (body, encoding = GZIP) => answer(OK, encoding, '', body)],
  ];
  const gzip = (text: string | Buffer): string => gzipSync(text).toString('latin1');
  const page = 'node_cpu_usage_seconds_total 1 1700000000000\n'.repeat(20);

  describe.each(framings)('%s', (_, framed) => {
    test('are what they would be uncompressed, however they are cut', () => {
      fc.assert(fc.property(fc.string({ maxLength: MAX_BODY, unit: 'binary-ascii' }), fc.array(fc.nat(), { maxLength: 20 }), (text, cuts) => {
        const reader = readGzip(framed(gzip(text)), cuts);
        expect([reader.status, reader.done, reader.body.toString('latin1')]).toEqual([200, true, text]);
      }));
    });

    test('may as well come as they are', () => {
      expect(readGzip(framed(page, 'X: 1')).body.toString()).toBe(page);
      expect(readGzip(framed(page, 'Content-Encoding: Identity')).body.toString()).toBe(page);
      expect(readGzip(framed(gzip(page), 'Content-Encoding: GZIP')).body.toString()).toBe(page);
    });

    test('without a body have none', () => {
      expect(readGzip(framed('')).body).toHaveLength(0);
      expect(readGzip(framed(gzip(''))).body).toHaveLength(0);
    });

    test.each([
      ['cut', gzip(page).slice(0, -9)],
      ['cut in their trailer', gzip(page).slice(0, -1)],
      ['of another length than they say', `${gzip(page).slice(0, -1)}\x01`],
      ['garbage', 'garbage'],
      ['not compressed at all', page],
      ['of another compression', deflateSync(page).toString('latin1')],
      ['followed by something else', `${gzip(page)}more`],
    ])('are refused when they are %s', (__, body) => {
      expect(() => readGzip(framed(body))).toThrow(expect.objectContaining({
        name: 'HttpResponseError', reason: 'protocol', message: expect.stringContaining(`the compressed body of ${body.length} bytes cannot be unpacked: `),
      }));
    });

    test('have as many bytes as are accepted, unpacked, and no more', () => {
      expect(readGzip(framed(gzip('x'.repeat(MAX_BODY)))).body).toHaveLength(MAX_BODY);
      const bomb = gzip(Buffer.alloc(300_000));
      for (const body of [gzip('x'.repeat(MAX_BODY + 1)), bomb, gzip('x'.repeat(MAX_BODY)) + gzip('x')]) {
        expect(body.length).toBeLessThan(MAX_BODY);
        expect(() => readGzip(framed(body))).toThrow(expect.objectContaining({
          reason: 'too-large', message: 'the answer has more when it is unpacked, 1000 bytes are accepted',
        }));
      }
    });
  });

  test('a head that is recognized says so again, and one that is like it does not', () => {
    const lastHead = new LastHttpHead();
    for (const encoding of [GZIP, GZIP, 'Content-Encoding:     ', GZIP]) {
      const reader = new HttpResponseReader(MAX_BODY, lastHead, true);
      reader.push(Buffer.from(framings[0][1](encoding === GZIP ? gzip(page) : page, encoding), 'latin1'));
      expect(reader.body.toString()).toBe(page);
    }
  });

  test('a reader can be used again after one that was refused', () => {
    const reader = new HttpResponseReader(MAX_BODY, undefined, true);
    for (const body of [gzip(page), 'garbage', gzip(page)]) {
      reader.reset();
      const push = () => reader.push(Buffer.from(framings[0][1](body), 'latin1'));
      if (body === 'garbage') expect(push).toThrow('cannot be unpacked');
      else push();
    }
    expect([reader.done, reader.keepAlive, reader.body.toString()]).toEqual([true, true, page]);
  });

  test.each(['br', 'gzip, gzip', 'x-gzip', 'deflate'])('Content-Encoding: %s is refused', (encoding) => {
    expect(() => readGzip(answer(OK, `Content-Encoding: ${encoding}`, 'Content-Length: 5', '', '')))
      .toThrow(`the body is compressed, though it was asked for with gzip; Content-Encoding: "${encoding}"`);
  });
});

describe('properties', () => {
  const body = fc.string({ maxLength: 400, unit: 'binary-ascii' });
  const framed = fc.oneof(
    body.map(text => [answer(OK, `Content-Length: ${text.length}`, '', text), text]),
    body.map(text => [answer('HTTP/1.1 200', '', text), text]),
    fc.array(body.filter(text => text !== ''), { maxLength: 2 }).map(parts => {
      return [answer('HTTP/1.1 100 Continue', '', OK, CHUNKED, '', ...parts.flatMap(part => [part.length.toString(16), part]), '0', 'T: 1', '', ''), parts.join('')];
    }),
  );
  const cuts = fc.array(fc.nat(), { maxLength: 20 });

  test('however the bytes are cut, the body is the same', () => {
    fc.assert(fc.property(framed, cuts, ([text, expected], at) => {
      const reader = read(text, at);
      expect(reader.done).toBe(true);
      expect(reader.body.toString('latin1')).toBe(expected);
    }), { numRuns: 500 });
  });

  test('every byte alone', () => {
    const text = answer(OK, CHUNKED, '', '5', 'hello', '0', '', '');
    expect(read(text, Array.from(text, (_, i) => i)).body.toString()).toBe('hello');
  });

  test('garbage, and answers with garbage in them, throw nothing but HttpResponseError, and the same however they are cut', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes).toString('latin1')),
      fc.tuple(framed, fc.nat(), fc.string({ maxLength: 4, unit: 'binary-ascii' })).map(([[text], at, insert]) => {
        const position = at % (text.length + 1);
        return text.slice(0, position) + insert + text.slice(position + insert.length);
      }),
    );
    const result = (text: string, at: readonly number[]): string => {
      try {
        const reader = read(text, at);
        return `${reader.status} ${reader.body.toString('latin1')}`;
      } catch (error) {
        expect(error).toBeInstanceOf(HttpResponseError);
        return String(error);
      }
    };
    fc.assert(fc.property(garbage, cuts, (text, at) => { expect(result(text, at)).toBe(result(text, [])); }), { numRuns: 1000 });
  });
});
