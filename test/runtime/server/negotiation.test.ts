import * as fc from 'fast-check';
import { assertAcceptable, Conversion, MEDIA_TYPES, negotiate } from '../../../src/runtime/server/negotiation';
import { StatusError } from '../../../src/runtime/server/status';

const json = { mediaType: 'application/json' };
const yaml = { mediaType: 'application/yaml' };
const protobuf = { mediaType: 'application/vnd.kubernetes.protobuf' };
const table = (version: string) => ({ ...json, conversion: { kind: 'Table', group: 'meta.k8s.io', version } });
const tables = ({ kind, version }: Conversion) => kind === 'Table' && version === 'v1';

test.each([
  ['nothing', undefined, json],
  ['JSON', 'application/json', json],
  ['the HPA controller', 'application/vnd.kubernetes.protobuf, */*', protobuf],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', json],
  ['any of a type', 'application/*', json],
  ['YAML', 'application/yaml', yaml],
  ['the better quality', 'application/json;q=0.5, application/yaml;q=0.9', yaml],
  ['the first of equals', 'application/yaml, application/json', yaml],
  ['what is named before any', '*/*, application/yaml', yaml],
  ['kubectl get', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', table('v1')],
  ['kubectl get, of another version', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', json],
  ['what is left, however little it is wanted', 'application/json;q=0', json],
  ['a stream, of what cannot be watched', 'application/json;stream=watch', json],
  ['the version of meta.k8s.io that there is', 'application/json;sv=v1', json],
  ['indented JSON', 'application/json;pretty=1', { ...json, pretty: true }],
  ['a table of a later choice', 'application/vnd.kubernetes.protobuf;as=Table;v=v1beta1;g=meta.k8s.io, application/yaml', yaml],
])('%s', (_who, accept, expected) => {
  expect(negotiate(accept, { converts: tables, serverVersion: 'v1' })).toEqual(expected);
});

test.each([
  'application/cbor', 'Application/JSON', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'application/json;g=meta.k8s.io', 'application/json;stream=log',
  'application/yaml;stream=watch', 'application/json;sv=v2',
])('%s is not acceptable', (accept) => {
  const message = 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';
  expect(() => negotiate(accept, { converts: tables, serverVersion: 'v1' })).toThrow(new StatusError(406, 'NotAcceptable', message));
});

test.each(['application/cbor', 'application/*', 'Application/JSON', ';'])('%j names no media type at all', (accept) => {
  const message = '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf';
  expect(() => assertAcceptable(accept)).toThrow(new StatusError(406, 'NotAcceptable', message, {}));
});

test.each([undefined, '*/*', 'text/html, application/yaml;q=0', 'application/json;as=Table;v=v1;g=meta.k8s.io'])('%j names one, or any', (accept) => {
  expect(() => assertAcceptable(accept)).not.toThrow();
});

/** A header may be as long as that, and whoever sends it need not say who they are. The square of it takes half a minute. */
const LONG = 200_000;

test.each([
  ['spaces', `a${' '.repeat(LONG)}b`],
  ['spaces in a parameter', `a/b; q=${' '.repeat(LONG)}1`],
  ['types, each wanted more than those before', Array.from({ length: LONG / 10 }, (_, index) => `a/b;q=.${String(index).padStart(6, '0')}`).join()],
  ['types and any', '*/*,a/b,'.repeat(LONG / 8)],
  ['parameters', `a/b${';a=b'.repeat(LONG / 4)}`],
])('many %s take no longer than the header is long', (_of, accept) => {
  expect(negotiate(`application/json,${accept}`)).toMatchObject({ mediaType: 'application/json' });
  expect(() => assertAcceptable(`application/json,${accept}`)).not.toThrow();
});

test('whatever a client accepts, it gets what we have or 406', () => {
  const piece = fc.oneof(fc.constantFrom('application', '/', 'json', '*', ';', 'as=', 'q=', ',', '0.5', ' ', 'NaN'), fc.string());
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    try {
      expect(MEDIA_TYPES).toContain(negotiate(pieces.join('')).mediaType);
    } catch (error) {
      expect(error).toMatchObject({ code: 406 });
    }
  }));
});
