import { ApiItem } from '../../../src/runtime/server/api-object';
import { ListSnapshots } from '../../../src/runtime/server/list-snapshots';
import { ManualClock } from '../manual-clock';

const MINUTE_MS = 60_000;

let clock: ManualClock;
let snapshots: ListSnapshots<string>;

beforeEach(() => {
  clock = new ManualClock();
  snapshots = new ListSnapshots(clock, Math.random);
});

function keep(question: string, size = 1): number {
  return snapshots.keep({ question, list: question, items: new Array<ApiItem>(size) });
}

test('is found by its id and its question, and by nothing else', () => {
  const id = keep('pods');
  expect(snapshots.find(id, 'pods')?.list).toBe('pods');
  expect(snapshots.find(id, 'nodes')).toBeUndefined();
  expect(snapshots.find(id + 1, 'pods')).toBeUndefined();
});

test('another replica does not know it', () => {
  expect(new ListSnapshots(clock, Math.random).find(keep('pods'), 'pods')).toBeUndefined();
});

test('is kept for five minutes, asked for or not', () => {
  const id = keep('pods');
  clock.advance(5 * MINUTE_MS - 1);
  expect(snapshots.find(id, 'pods')).toBeDefined();
  clock.advance(1);
  expect(snapshots.find(id, 'pods')).toBeUndefined();
});

test('the oldest make room when there are too many', () => {
  const ids = Array.from({ length: 101 }, () => keep('pods'));
  expect(ids.filter((id) => snapshots.find(id, 'pods'))).toEqual(ids.slice(1));
});

test('the oldest make room when they hold too much, but the newest is kept whatever it holds', () => {
  const [a, b] = [keep('pods', 100_000), keep('pods', 100_000)];
  const c = keep('pods', 1);
  expect([a, b, c].map((id) => snapshots.find(id, 'pods') !== undefined)).toEqual([false, true, true]);
  const large = keep('pods', 300_000);
  expect([b, c, large].map((id) => snapshots.find(id, 'pods') !== undefined)).toEqual([false, false, true]);
});

test('no timer is left behind', () => {
  keep('pods');
  keep('nodes');
  snapshots.clear();
  expect(clock.pending).toBe(0);
});
