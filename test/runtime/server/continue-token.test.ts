import * as fc from 'fast-check';
import { decodeContinueToken, encodeContinueToken } from '../../../src/runtime/server/continue-token';

const token = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const v = 'meta.k8s.io/v1';

test('has kube-apiserver\'s form', () => {
  const text = encodeContinueToken({ snapshot: 7, after: { namespace: 'shop', name: 'web-1' } });
  expect(Buffer.from(text, 'base64url').toString()).toBe('{"v":"meta.k8s.io/v1","rv":7,"start":"shop/web-1\\u0000"}');
});

test('says again what was put into it', () => {
  const name = fc.stringMatching(/^[a-z0-9]([-.a-z0-9]{0,60}[a-z0-9])?$/);
  const snapshot = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined });
  fc.assert(fc.property(snapshot, fc.oneof(fc.constant(''), name), name, (id, namespace, objectName) => {
    const position = { snapshot: id, after: { namespace, name: objectName } };
    expect(decodeContinueToken(encodeContinueToken(position))).toEqual(position);
  }));
});

// The first five, word for word, are kube-apiserver's.
test.each([
  ['a%', 'illegal base64 data at input byte 1'],
  ['YWJj=', 'illegal base64 data at input byte 4'],
  [token({ v, start: 'a' }), 'incorrect encoded start resourceVersion (version meta.k8s.io/v1)'],
  [token({ v, rv: 1 }), 'encoded start key empty (version meta.k8s.io/v1)'],
  [token({ v, rv: 1, start: '../a' }), '../a'],
  [token({ v, rv: 1, start: 'a/b/c' }), 'a/b/c'],
  [token({ v, rv: 1.5, start: 'a' }), 'rv is to be an integer, start a text'],
  [token({ v, rv: 1, start: 2 }), 'rv is to be an integer, start a text'],
  [token([]), '"[]" is no JSON object'],
  [token('{"v":'), '"{\\"v\\":" is no JSON object'],
  [token({ v: 'v2' }), 'server does not recognize this encoded version v2'],
])('%s is refused with 400', (text, message) => {
  expect(() => decodeContinueToken(text)).toThrow(expect.objectContaining({ code: 400, reason: 'BadRequest', message: `invalid continue token: continue key is not valid: ${message}` }) as Error);
});

test('any text is a token or refused with 400', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json().map(token), fc.base64String()), (text) => {
    try {
      decodeContinueToken(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 400 });
    }
  }));
});
