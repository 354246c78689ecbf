import { groupByKey } from '../../src/_facts/group-by-key';

test('keys stand in the order in which they came first, and so do the values of each', () => {
  expect([...groupByKey([['b', 1], ['a', 2], ['b', 3], ['b', 1]])]).toEqual([['b', [1, 3, 1]], ['a', [2]]]);
});

test('objects are keys by their identity', () => {
  const [one, other] = [{}, {}];
  expect([...groupByKey([[one, 1], [other, 2]]).values()]).toEqual([[1], [2]]);
});
