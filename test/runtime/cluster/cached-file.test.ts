import { CachedFile } from '../../../src/runtime/cluster/cached-file';
import { ManualClock } from '../manual-clock';
import { TempDir } from './temp-dir';

let dir: TempDir;
let clock: ManualClock;
let file: CachedFile;

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  file = new CachedFile(dir.write('token', 'one'), clock, 60_000);
});

afterEach(() => dir.remove());

describe('a cached file', () => {
  test('is read again when it is a minute old, not before', () => {
    expect(file.read()).toBe('one');
    dir.write('token', 'two');
    clock.advance(59_999);
    expect(file.read()).toBe('one');
    clock.advance(1);
    expect(file.read()).toBe('two');
  });

  test('is read again at once when its content was refused', () => {
    file.read();
    dir.write('token', 'two');
    file.invalidate();
    expect(file.read()).toBe('two');
  });

  test.each([['missing', () => dir.remove('token')], ['empty', () => dir.write('token', '\n')]])('keeps its content while it is %s', (_, spoil) => {
    file.read();
    spoil();
    clock.advance(60_000);
    expect(file.read()).toBe('one');
    dir.write('token', 'two');
    expect(file.read()).toBe('two');
  });

  test('keeps its content while the next is refused, and says why', () => {
    const checked = new CachedFile(dir.write('token', 'one'), clock, 60_000, (text) => { if (text !== text.toLowerCase()) throw new Error('too loud'); });
    expect(checked.read()).toBe('one');
    dir.write('token', 'TWO');
    clock.advance(60_000);
    expect(checked.read()).toBe('one');
    expect(checked.failure).toBe('too loud');
    dir.write('token', 'two');
    expect(checked.read()).toBe('two');
    expect(checked.failure).toBeUndefined();
  });

  test('that never could be read is an error', () => {
    dir.remove('token');
    expect(() => file.read()).toThrow('ENOENT');
    dir.write('token', '');
    expect(() => file.read()).toThrow(/token is empty$/);
  });
});
