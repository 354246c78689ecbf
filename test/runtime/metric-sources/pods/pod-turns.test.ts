import { PodTurns } from '../../../../src/runtime/metric-sources/pods/pod-turns';
import { RunningPod } from '../../../../src/runtime/metric-sources/pods/running-pods';

const pods = ['a', 'b', 'c', 'd'].map((name): RunningPod => ({ namespace: 'shop', name, uid: `uid-${name}`, ip: '10.0.0.1' }));
const [a, b, c, d] = pods;
const order = (turns: PodTurns) => turns.order(pods).map(({ name }) => name).join('');

let turns: PodTurns;

beforeEach(() => {
  turns = new PodTurns();
  turns.order(pods);
});

test('pods that failed go last', () => {
  turns.note(a, { askedMs: 1, failed: true });
  for (const pod of [b, c, d]) turns.note(pod, { askedMs: 2, failed: false });
  expect(order(turns)).toBe('bcda');
  turns.note(a, { askedMs: 3, failed: false });
  expect(order(turns)).toBe('bcda');
});

test('those for whom there was no time go first', () => {
  turns.note(a, { askedMs: 1, failed: false });
  turns.note(b, { askedMs: 2, failed: false });
  expect(order(turns)).toBe('cdab');
  turns.note(c, { askedMs: 3, failed: true });
  turns.note(d, { askedMs: 4, failed: true });
  expect(order(turns)).toBe('abcd');
  turns.note(c, { askedMs: 5, failed: true });
  expect(order(turns)).toBe('abdc');
});

test('a pod that is gone is forgotten', () => {
  turns.note(a, { askedMs: 1, failed: true });
  turns.order([b, c, d]);
  expect(order(turns)).toBe('abcd');
});
