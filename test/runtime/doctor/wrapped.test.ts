import { wrapped } from '../../../src/runtime/doctor/wrapped';

test('breaks between words', () => {
  expect(wrapped('one two  three\nfour', 8)).toEqual(['one two', 'three', 'four']);
});

test('breaks neither long words nor commands', () => {
  expect(wrapped('see https://example.com/', 5)).toEqual(['see', 'https://example.com/']);
  expect(wrapped('then run (`kubectl get csr`).', 8)).toEqual(['then run', '(`kubectl get csr`).']);
  expect(wrapped('a ` alone', 80)).toEqual(['a ` alone']);
});
