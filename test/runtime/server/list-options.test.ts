import { parseListOptions } from '../../../src/runtime/server/list-options';

const parse = (query: string) => parseListOptions(new URLSearchParams(query));

test('what a list is asked for', () => {
  const { labelSelector, ...options } = parse('labelSelector=app=web&fieldSelector=metadata.name=a&limit=5&continue=next&watch=1');
  expect(labelSelector.toString()).toBe('app=web');
  expect(options).toEqual({ fieldSelector: [{ field: 'metadata.name', operator: '=', value: 'a' }], limit: 5, continue: 'next', resourceVersion: '', watch: true });
});

test('nothing asks for everything', () => {
  expect(parse('')).toMatchObject({ fieldSelector: [], limit: 0, continue: '', watch: false, labelSelector: { isEverything: true } });
});

test.each([
  ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
  // What is given first counts, and nothing is no number.
  ...['limit=', 'timeoutSeconds=', 'limit=&limit=2'].map((query) => [query, 'strconv.ParseInt: parsing "": invalid syntax']),
  ['timeoutSeconds=99999999999999999999', 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  // Numbers are read before selectors.
  ['labelSelector=!!&limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['labelSelector=!!&fieldSelector=bad', "unable to parse requirement: found '!', expected: identifier"],
  ['fieldSelector=bad', "invalid selector: 'bad'; can't understand 'bad'"],
])('%s cannot be read', (query, message) => {
  expect(() => parse(query)).toThrow(expect.objectContaining({ code: 400, reason: 'BadRequest', message }) as Error);
});

test.each(['=', '==', '!=', '=,metadata.name=a', 'metadata.name=a,!=', '==,metadata.name=a,='])('terms of the field selector %j that have neither field nor value select everything', (fieldSelector) => {
  const named = fieldSelector.includes('metadata.name') ? [{ field: 'metadata.name', operator: '=', value: 'a' }] : [];
  expect(parse(`fieldSelector=${encodeURIComponent(fieldSelector)}`).fieldSelector).toEqual(named);
});

test.each([['=x', { field: '', operator: '=', value: 'x' }], ['x=', { field: 'x', operator: '=', value: '' }]])('a field selector %j has one of them', (fieldSelector, requirement) => {
  expect(parse(`fieldSelector=${encodeURIComponent(fieldSelector)}`).fieldSelector).toEqual([requirement]);
});

test.each([
  ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
  ['resourceVersionMatch=Exact', 'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'],
  ['watch=1&sendInitialEvents=true', 'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
  ['resourceVersionMatch=x&resourceVersion=1', 'resourceVersionMatch: Unsupported value: "x": supported values: "Exact", "NotOlderThan", ""'],
])('%s does not go together', (query, message) => {
  expect(() => parse(query)).toThrow(
    expect.objectContaining({ code: 422, reason: 'Invalid', message: `ListOptions.meta.k8s.io "" is invalid: ${message}` }) as Error);
});

test.each(['resourceVersion=0&resourceVersionMatch=NotOlderThan', 'resourceVersion=x', 'limit=-1', 'continue=abc', 'unknown=1'])('%s has no effect', (query) => {
  expect(parse(query)).toMatchObject({ watch: false });
});
