import * as fc from 'fast-check';
import { ObjectCache } from '../../../src/runtime/cluster/object-cache';
import { ObjectMetadata } from '../../../src/runtime/cluster/object-metadata';

const labels = { values: {}, json: undefined };
const object = (namespace: string, name: string): ObjectMetadata => ({ namespace, name, labels });
const keys = (objects: readonly ObjectMetadata[]) => objects.map(({ namespace, name }) => `${namespace}/${name}`);

describe('a cache', () => {
  test('is synced by the first whole list, not by single objects', () => {
    const cache = new ObjectCache();
    expect(cache.synced).toBe(false);
    cache.replace([]);
    expect(cache.synced).toBe(true);
  });

  test('lists by namespace, then name', () => {
    const cache = new ObjectCache();
    cache.replace([object('b', 'x'), object('a-b', 'x'), object('a', 'z'), object('a', 'y')]);
    expect(keys(cache.list())).toEqual(['a/y', 'a/z', 'a-b/x', 'b/x']);
    expect(keys(cache.list('a'))).toEqual(['a/y', 'a/z']);
    expect(cache.list('none')).toEqual([]);
  });

  test('gives the same list until something changes', () => {
    const cache = new ObjectCache();
    cache.replace([object('a', 'x'), object('b', 'x')]);
    const [all, a] = [cache.list(), cache.list('a')];
    expect(cache.list()).toBe(all);
    cache.apply(object('b', 'y'));
    expect(cache.list('a')).toBe(a);
    expect(cache.list()).not.toBe(all);
  });

  test('does not disturb who iterates', () => {
    const cache = new ObjectCache();
    cache.replace([object('a', 'x'), object('a', 'y')]);
    const seen: string[] = [];
    for (const { name } of cache.list('a')) {
      seen.push(name);
      cache.remove(object('a', 'y'));
      cache.apply(object('a', 'z'));
    }
    expect(seen).toEqual(['x', 'y']);
    expect(keys(cache.list())).toEqual(['a/x', 'a/z']);
  });

  test('holds what a plain map holds after the same changes', () => {
    const any = fc.record({ namespace: fc.constantFrom('', 'a', 'b'), name: fc.constantFrom('x', 'y', 'z'), labels: fc.constant(labels) });
    const change = fc.oneof(
      fc.record({ replace: fc.uniqueArray(any, { selector: ({ namespace, name }) => `${namespace}/${name}` }) }),
      fc.record({ apply: any }),
      fc.record({ remove: any }),
    );
    fc.assert(fc.property(fc.array(change), (changes) => {
      const cache = new ObjectCache();
      const model = new Map<string, ObjectMetadata>();
      for (const step of changes) {
        if ('replace' in step) {
          cache.replace(step.replace);
          model.clear();
          for (const one of step.replace) model.set(`${one.namespace}/${one.name}`, one);
        } else if ('apply' in step) {
          cache.apply(step.apply);
          model.set(`${step.apply.namespace}/${step.apply.name}`, step.apply);
        } else {
          cache.remove(step.remove);
          model.delete(`${step.remove.namespace}/${step.remove.name}`);
        }
        expect(keys(cache.list())).toEqual([...model.keys()].sort());
        expect(cache.size).toBe(model.size);
        for (const one of model.values()) expect(cache.get(one.namespace, one.name)).toBe(one);
        expect(keys(cache.list('a'))).toEqual([...model.keys()].sort().filter((key) => key.startsWith('a/')));
      }
    }));
  });
});
