import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import * as fc from 'fast-check';
import { LabelSets } from '../../../src/runtime/cluster/label-sets';

describe('label sets', () => {
  test('are one object for equal labels, in whatever order', () => {
    const sets = new LabelSets();
    expect(sets.of({ app: 'web', tier: 'front' })).toBe(sets.of({ tier: 'front', app: 'web' }));
    expect(sets.of({ app: 'web' })).not.toBe(sets.of({ app: 'db' }));
    expect(sets.size).toBe(3);
  });

  test('write their labels as Go does: sorted by key, numbers as any other text', () => {
    expect(new LabelSets().of({ b: '1', 9: 'x', 10: 'y', a: '"' }).json).toBe('{"10":"y","9":"x","a":"\\"","b":"1"}');
  });

  test('without labels have no JSON', () => {
    const sets = new LabelSets();
    expect(sets.of(undefined)).toEqual({ values: {}, json: undefined });
    expect(sets.of({})).toBe(sets.of(undefined));
  });

  test('hold what they were made of', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (labels) => {
      const set = new LabelSets().of(labels);
      expect(Object.entries(set.values).sort()).toEqual(Object.entries(labels).sort());
      if (set.json !== undefined) expect(Object.entries(JSON.parse(set.json)).sort()).toEqual(Object.entries(labels).sort());
    }));
  });

  test('that nobody has any longer are freed', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const sets = new LabelSets();
    for (let i = 0; i < 1_000; i++) sets.of({ i: String(i) });
    const kept = sets.of({ kept: 'yes' });
    const endMs = Date.now() + 4_000;
    while (sets.size > 1 && Date.now() < endMs) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sets.size).toBe(1);
    expect(sets.of({ kept: 'yes' })).toBe(kept);
  });
});
