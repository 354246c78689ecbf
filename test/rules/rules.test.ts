import * as fc from 'fast-check';
import { documentsOf, EXAMPLE_IDS, exampleText } from './rule-examples';
import { ACKNOWLEDGEMENT_PREFIX } from '../../src/rules/_acknowledgement';
import { judgeByCluster } from '../../src/rules/_clusters';
import { judge, objectName } from '../../src/rules/_judge';
import { RULES } from '../../src/rules/_rules';

const ids = RULES.map(({ id }) => id);

describe('every rule', () => {
  test('has an id of its own, in kebab case, that fits into the name of an annotation', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(ids.filter((id) => id.length > 63)).toEqual([]);
    expect(ACKNOWLEDGEMENT_PREFIX).toMatch(/^[a-z0-9.-]{1,253}\/$/);
  });

  test('says what is wrong, why, and how to mend it', () => {
    for (const { id, title, reason, mend, kinds } of RULES) {
      expect([id, /[^.]$/.test(title), /[.]$/.test(reason), /^[a-z].*[^.]$/.test(mend), kinds.length > 0]).toEqual([id, true, true, true, true]);
    }
  });

  test('has an example', () => {
    expect(EXAMPLE_IDS).toEqual([...ids].sort());
  });

  test.each(ids)('%s finds its fault in what breaks it, and none in what keeps it', (id) => {
    const [wrong, right] = (['wrong', 'right'] as const).map((side) => judge(documentsOf(exampleText(id, side))).filter(({ rule }) => rule.id === id));

    expect(wrong.map(({ object }) => object.kind)).toEqual([expect.any(String)]);
    expect(right).toEqual([]);
  });

  test.each(ids)('%s shows as right what keeps every rule', (id) => {
    expect(judge(documentsOf(exampleText(id, 'right'))).map(({ rule, path, given }) => `${rule.id}: ${path}: ${JSON.stringify(given)}`)).toEqual([]);
  });

  test.each(ids)('%s points at a place that exists, or where something is missing, in an object of its kinds', (id) => {
    const [{ rule, object, path, given }] = judge(documentsOf(exampleText(id, 'wrong'))).filter((finding) => finding.rule.id === id);
    const parent = path.split('.').slice(0, -1).flatMap((step) => step.split(/\[(\d+)\]/).filter((part) => part !== ''))
      .reduce<any>((tree, step) => tree?.[step], object);

    expect(rule.kinds).toContain(object.kind);
    if (given !== undefined) expect(parent).toBeDefined();
  });

  test.each(ids)('%s is silent about an object whose annotation says why, and only then', (id) => {
    const documents = documentsOf(exampleText(id, 'wrong'));
    const faulty = () => judge(documents).filter(({ rule }) => rule.id === id);
    const { metadata } = faulty()[0].object as { metadata: { annotations?: object } };
    const { annotations } = metadata;

    metadata.annotations = { ...annotations, [ACKNOWLEDGEMENT_PREFIX + id]: '  ' };
    expect(faulty()).toHaveLength(1);
    metadata.annotations = { ...annotations, [ACKNOWLEDGEMENT_PREFIX + id]: 'a laboratory' };
    expect(faulty()).toEqual([]);
  });

  test.each(ids)('%s is not asked when it is excluded', (id) => {
    expect(judge(documentsOf(exampleText(id, 'wrong')), [id]).filter(({ rule }) => rule.id === id)).toEqual([]);
  });
});

describe('judging manifests', () => {
  test('finds the same in a List as in documents', () => {
    const documents = documentsOf(exampleText('no-disruption-budget', 'wrong'));
    const findings = (given: unknown[]) => judge(given).map(({ rule, object, path }) => [rule.id, objectName(object), path]);

    expect(findings([{ apiVersion: 'v1', kind: 'List', items: documents }])).toEqual(findings(documents));
    expect(findings(documents)).toContainEqual(['no-disruption-budget', 'Deployment kube-system/metrics-server', 'spec.replicas']);
  });

  test('leaves alone what belongs to no extension API server', () => {
    const shop = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop' } };
    const spec = { hostNetwork: true, containers: [{ name: 'shop', image: 'shop', args: ['--secure-port=10250', '--logtostderr'] }] };

    expect(judge([{ ...shop, spec: { replicas: 1, template: { spec } } }])).toEqual([]);
  });

  test('knows a server by the APIService that leads to it, whatever its image is called', () => {
    const documents = documentsOf(exampleText('service-target-port', 'right').replace(/registry\S+/, 'registry.example.com/numbers'));

    expect(judge(documents).map(({ rule }) => rule.id)).toContain('image-tag-latest');
  });

  test('survives whatever documents hold', () => {
    const kinds = [...new Set(RULES.flatMap((rule) => rule.kinds)), 'Service', 'ConfigMap', 'List'];
    const documents = RULES.flatMap(({ id }) => documentsOf(exampleText(id, 'wrong')));
    const broken = fc.tuple(fc.constantFrom(...documents), fc.nat(), fc.anything()).map(([document, at, value]) => replaceNode(document, at, value));
    const strange = fc.tuple(fc.constantFrom(...kinds), fc.anything(), fc.anything())
      .map(([kind, metadata, spec]) => ({ apiVersion: 'v1', kind, metadata: { name: 'x', annotations: metadata, namespace: metadata }, spec, rules: spec }));

    fc.assert(fc.property(fc.array(fc.oneof(broken, strange, fc.anything()), { maxLength: 6 }), (given) => {
      expect(() => judgeByCluster([given, given.slice(1)], [given], [])).not.toThrow();
    }), { numRuns: 300 });
  });
});

/** A copy in which one node, counted in depth-first order, is something else. */
function replaceNode(tree: unknown, at: number, value: unknown): unknown {
  let left = at % countNodes(tree);
  const visit = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  return visit(tree);
}

function countNodes(tree: unknown): number {
  return 1 + (typeof tree === 'object' && tree !== null ? Object.values(tree).reduce((sum: number, child) => sum + countNodes(child), 0) : 0);
}
