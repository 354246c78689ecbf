import * as fc from 'fast-check';
import { Conversion, negotiate } from '../../../src/runtime/server/negotiation';
import { StatusError } from '../../../src/runtime/server/status';

const json = { mediaType: 'application/json' };
const yaml = { mediaType: 'application/yaml' };
const table = (version: string) => ({ ...json, conversion: { kind: 'Table', group: 'meta.k8s.io', version } });
const tables = ({ kind, version }: Conversion) => kind === 'Table' && version === 'v1';

test.each([
  ['nothing', undefined, json],
  ['JSON', 'application/json', json],
  ['the HPA controller', 'application/vnd.kubernetes.protobuf, */*', json],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', json],
  ['any of a type', 'application/*', json],
  ['YAML', 'application/yaml', yaml],
  ['the better quality', 'application/json;q=0.5, application/yaml;q=0.9', yaml],
  ['the first of equals', 'application/yaml, application/json', yaml],
  ['what is named before any', '*/*, application/yaml', yaml],
  ['kubectl get', 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', table('v1')],
  ['kubectl get, of another version', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', json],
  ['capitals', 'Application/JSON', json],
])('%s', (_who, accept, expected) => {
  expect(negotiate(accept, tables)).toEqual(expected);
});

test.each([
  ['application/cbor', '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml'],
  ['application/json;q=0', '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml'],
  ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'only the following media types are accepted: application/json, application/yaml'],
  ['application/json;stream=watch', 'only the following media types are accepted: application/json, application/yaml'],
])('%s is not acceptable', (accept, message) => {
  expect(() => negotiate(accept, tables)).toThrow(new StatusError(406, 'NotAcceptable', message));
});

test('whatever a client accepts, it gets what we have or 406', () => {
  const piece = fc.oneof(fc.constantFrom('application', '/', 'json', '*', ';', 'as=', 'q=', ',', '0.5', ' ', 'NaN'), fc.string());
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    try {
      expect(['application/json', 'application/yaml']).toContain(negotiate(pieces.join('')).mediaType);
    } catch (error) {
      expect(error).toMatchObject({ code: 406 });
    }
  }));
});
