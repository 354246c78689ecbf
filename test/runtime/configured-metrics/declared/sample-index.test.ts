import { assert, array, constantFrom, dictionary, property } from 'fast-check';
import { SampleIndex } from '../../../../src/runtime/configured-metrics/declared/sample-index';
import { parseSelector } from '../../../../src/runtime/labels/selector';
import { Sample } from '../../../../src/runtime/prometheus/samples';

const LABELS = ['pod', 'topic', 'constructor'];
const VALUES = ['', 'a', 'b', 'c'];

const samples = array(dictionary(constantFrom(...LABELS), constantFrom(...VALUES), { noNullPrototype: true })).map((all) => (
  all.map((labels): Sample => ({ labels, value: 1, timestampMs: 0 }))
));

test('finds all samples that a selector matches', () => {
  const selectors = constantFrom('', 'pod=a', 'topic in (a,b)', 'pod!=a', 'constructor=a', 'constructor', 'pod=,topic=b', '!pod,topic==c');
  assert(property(samples, selectors, (all, text) => {
    const selector = parseSelector(text);
    const found = new SampleIndex(all).candidates(selector).filter(({ labels }) => selector.matches(labels));
    expect(new Set(found)).toEqual(new Set(all.filter(({ labels }) => selector.matches(labels))));
  }));
});

test('looks at no others, where a label must have one of a few values', () => {
  const all = ['a', 'b', 'c'].map((pod): Sample => ({ labels: { pod }, value: 1, timestampMs: 0 }));
  const index = new SampleIndex(all);
  expect(index.candidates(parseSelector('topic!=x,pod=b'))).toEqual([all[1]]);
  expect(index.having('pod', ['c', 'a', 'c', 'z'])).toEqual([all[2], all[0]]);
  expect(index.having('topic', ['a'])).toEqual([]);
});
