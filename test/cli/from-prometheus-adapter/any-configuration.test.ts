import * as fc from 'fast-check';
import * as ts from 'typescript';
import { stringify } from 'yaml';
import { carriedBy, groupVersionsTakenBy, meaningOf, withApiServices } from './meaning';
import { runCli } from '../run-cli';

const text = fc.constantFrom('a', '^(.*)_total$', "it's", 'y', '0x1', '1_000', 'null', '${1}_per_second', '`${a}`\\', '"', ' a: b # c', 'two\nlines\n', '<<');
const expression = fc.constantFrom('.*', '^(.*)_total$', "it's", 'y', '0x1', 'null', '\\d+"', '`');
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const resource = fc.constantFrom<object>(
  { resource: 'pod' }, { resource: 'pods' }, { resource: 'namespace' }, { resource: 'node' }, { group: 'apps', resource: 'deployment' },
  { group: 'networking.k8s.io', resource: 'ingress' }, { group: 'networking.k8s.io', resource: 'networkpolicy' }, { group: 'cheese.io', resource: 'brand' },
);
const resources = {
  template: optional(fc.constantFrom('<<.Resource>>', 'kube_<<.Group>>_<<.Resource>>', '<<if .Group>><<.Group>>_<<end>><<.Resource>>')),
  overrides: optional(fc.dictionary(fc.constantFrom('pod', 'y', '1', 'app.kubernetes.io/name', 'exported_namespace', '#'), resource)),
};
const query = fc.constantFrom(
  'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)', '<<.Series>>{<<.LabelMatchers>>,a!="b\\"c",d=\'e\'}\n', '# why\nmax(<<.Series>>)',
  'sum(<<range $k, $v := .LabelValuesByName>><<$k>>{a="<<$v>>"}<<end>>)', '<<if .GroupBySlice>><<index .GroupBySlice 0>><<else>>1<<end>>',
);
const matching = fc.oneof(fc.record({ is: expression }), fc.record({ isNot: expression }));
const rule = fc.record({
  seriesQuery: fc.constantFrom('a_total', '{__name__=~"^container_.*",container!="POD"}', "a{b='c'}"),
  seriesFilters: optional(fc.array(matching, { maxLength: 2 })),
  name: optional(fc.record({ matches: optional(expression), as: optional(text) })),
  resources: optional(fc.record({ ...resources, namespaced: optional(fc.boolean()) })),
  metricsQuery: query,
});
const usage = fc.record({ containerQuery: query, nodeQuery: query, containerLabel: text, resources: optional(fc.record(resources)) });
const configuration = fc.record({
  rules: optional(fc.array(rule, { maxLength: 3 })),
  externalRules: optional(fc.array(rule, { maxLength: 3 })),
  resourceRules: optional(fc.record({ cpu: usage, memory: usage, window: optional(fc.constantFrom('5m', '90s', '1h30m', '1500ms')) })),
}).filter(({ rules = [], externalRules = [], resourceRules }) => rules.length + externalRules.length > 0 || resourceRules !== undefined);

test('the chart carries a configuration that means the same, and takes the API groups that it serves once it runs', async () => {
  await fc.assert(fc.asyncProperty(configuration, async (given) => {
    const yaml = stringify(given, { version: '1.1' });

    const { code, out, errors } = runCli(['from-prometheus-adapter', '-'], { '-': yaml });
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(await carriedBy(out)).toEqual(await meaningOf(yaml));
    expect(groupVersionsTakenBy(out)).toEqual([]);
    expect(new Set(groupVersionsTakenBy(withApiServices(out)))).toEqual(new Set([
      ...given.rules?.length ? ['custom.metrics.k8s.io/v1beta1', 'custom.metrics.k8s.io/v1beta2'] : [],
      ...given.externalRules?.length ? ['external.metrics.k8s.io/v1beta1'] : [],
      ...given.resourceRules ? ['metrics.k8s.io/v1', 'metrics.k8s.io/v1beta1'] : [],
    ]));
  }), { numRuns: 100 });
}, 60_000);

test('whatever else it holds, the answer is a program that parses, or one line', () => {
  const anything = fc.record({
    rules: fc.jsonValue(), externalRules: fc.array(fc.oneof(rule, fc.jsonValue())), resourceRules: fc.jsonValue(),
  }, { requiredKeys: [] });
  fc.assert(fc.property(anything, (given) => {
    const { code, out, errors } = runCli(['from-prometheus-adapter', '-'], { '-': stringify(given) });

    expect(errors.length > 0).toBe(code !== 0);
    const { diagnostics } = ts.transpileModule(out, { reportDiagnostics: true });
    expect(diagnostics!.map(({ messageText }) => messageText)).toEqual([]);
  }), { numRuns: 100 });
});
