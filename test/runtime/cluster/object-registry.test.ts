import * as fc from 'fast-check';
import { ObjectMetadata } from '../../../src/runtime/cluster/object-metadata';
import { ObjectRegistry } from '../../../src/runtime/cluster/object-registry';

const labels = { values: {}, json: undefined };
const object = (namespace: string, name: string): ObjectMetadata => ({ namespace, name, labels });
const keys = (objects: readonly ObjectMetadata[]) => objects.map(({ namespace, name }) => `${namespace}/${name}`);

describe('a registry', () => {
  test('is synced by the first whole list, not by single objects', () => {
    const registry = new ObjectRegistry();
    expect(registry.synced).toBe(false);
    registry.replace([]);
    expect(registry.synced).toBe(true);
  });

  test('lists by namespace, then name', () => {
    const registry = new ObjectRegistry();
    registry.replace([object('b', 'x'), object('a-b', 'x'), object('a', 'z'), object('a', 'y')]);
    expect(keys(registry.list())).toEqual(['a/y', 'a/z', 'a-b/x', 'b/x']);
    expect(keys(registry.list('a'))).toEqual(['a/y', 'a/z']);
    expect(registry.list('none')).toEqual([]);
  });

  test('gives the same list until something changes', () => {
    const registry = new ObjectRegistry();
    registry.replace([object('a', 'x'), object('b', 'x')]);
    const [all, a] = [registry.list(), registry.list('a')];
    expect(registry.list()).toBe(all);
    registry.apply(object('b', 'y'));
    expect(registry.list('a')).toBe(a);
    expect(registry.list()).not.toBe(all);
  });

  test('does not disturb who iterates', () => {
    const registry = new ObjectRegistry();
    registry.replace([object('a', 'x'), object('a', 'y')]);
    const seen: string[] = [];
    for (const { name } of registry.list('a')) {
      seen.push(name);
      registry.remove(object('a', 'y'));
      registry.apply(object('a', 'z'));
    }
    expect(seen).toEqual(['x', 'y']);
    expect(keys(registry.list())).toEqual(['a/x', 'a/z']);
  });

  test('holds what a plain map holds after the same changes', () => {
    const any = fc.record({ namespace: fc.constantFrom('', 'a', 'b'), name: fc.constantFrom('x', 'y', 'z'), labels: fc.constant(labels) });
    const change = fc.oneof(
      fc.record({ replace: fc.uniqueArray(any, { selector: ({ namespace, name }) => `${namespace}/${name}` }) }),
      fc.record({ apply: any }),
      fc.record({ remove: any }),
    );
    fc.assert(fc.property(fc.array(change), (changes) => {
      const registry = new ObjectRegistry();
      const model = new Map<string, ObjectMetadata>();
      for (const step of changes) {
        if ('replace' in step) {
          registry.replace(step.replace);
          model.clear();
          for (const one of step.replace) model.set(`${one.namespace}/${one.name}`, one);
        } else if ('apply' in step) {
          registry.apply(step.apply);
          model.set(`${step.apply.namespace}/${step.apply.name}`, step.apply);
        } else {
          registry.remove(step.remove);
          model.delete(`${step.remove.namespace}/${step.remove.name}`);
        }
        expect(keys(registry.list())).toEqual([...model.keys()].sort());
        expect(registry.size).toBe(model.size);
        for (const one of model.values()) expect(registry.get(one.namespace, one.name)).toBe(one);
        expect(keys(registry.list('a'))).toEqual([...model.keys()].sort().filter((key) => key.startsWith('a/')));
      }
    }));
  });
});
