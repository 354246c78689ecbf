import { Duration, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { GitOps, KubeletAccess, MetricsServer, MetricsServerProps, NannyEstimator, NannyOptions, ServingCertificate, TaintEffect } from '../src';
import { testChart } from './synthesize';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const labels = fc.dictionary(word, word, { minKeys: 1, maxKeys: 6, noNullPrototype: true });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const props: fc.Arbitrary<MetricsServerProps> = fc.record({
  namespace: optional(word),
  labels: optional(labels),
  selectorLabels: optional(labels.map((pairs) => Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`s/${key}`, value])))),
  nodeSelector: optional(labels),
  replicas: optional(fc.integer({ min: 1, max: 9 })),
  resources: optional(fc.record({
    requests: fc.constant({ cpu: '100m', memory: '200Mi' }),
    limits: optional(fc.constant({ cpu: '1', memory: '1Gi' })),
  })),
  tolerations: optional(fc.array(fc.record({ key: word, effect: fc.constant(TaintEffect.NO_SCHEDULE) }), { maxLength: 3 })),
  metricResolution: optional(fc.integer({ min: 15, max: 120 }).map((seconds) => Duration.seconds(seconds))),
  scrapeNodeSelector: optional(fc.constant('metrics!=off')),
  kubeletAccess: optional(fc.constantFrom(KubeletAccess.clusterCa(), KubeletAccess.insecureSkipTlsVerify())),
  servingCertificate: optional(fc.constantFrom(ServingCertificate.selfManaged(), ServingCertificate.insecureSkipTlsVerify())),
  gitOps: optional(fc.constant(GitOps.argoCd())),
});

const nanny = fc.record({
  cpu: fc.constant({ base: '20m', perNode: '1m' }),
  memory: fc.constant({ base: '40Mi', perNode: '2Mi' }),
  estimator: optional(fc.constantFrom(NannyEstimator.linear(), NannyEstimator.exponential())),
});

test('the same props give the same bytes, whatever order their keys were written in', () => {
  fc.assert(fc.property(props, nanny, fc.infiniteStream(fc.nat()), (given, nannyOptions, choices) => {
    const first = synthesize(given, nannyOptions);

    expect(synthesize(given, nannyOptions)).toBe(first);
    expect(synthesize(reordered(given, choices), reordered(nannyOptions, choices))).toBe(first);
  }), { numRuns: 150 });
});

test('neither environment nor time gets into the output', () => {
  const first = synthesize({});
  const { env } = process;
  jest.useFakeTimers({ now: 0 });
  process.env = { HOME: '/elsewhere', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' };
  try {
    expect(synthesize({})).toBe(first);
  } finally {
    process.env = env;
    jest.useRealTimers();
  }
  expect(first).not.toContain('\r');
});

function synthesize(given: MetricsServerProps, nannyOptions?: NannyOptions): string {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', given);
  if (nannyOptions && (given.replicas ?? 1) === 1) server.addNanny(nannyOptions);
  return Yaml.stringify(...chart.toJson());
}

/** The same value with the keys of every plain object in another order. */
function reordered<T>(value: T, choices: Iterator<number>): T {
  if (Array.isArray(value)) return value.map((item) => reordered(item, choices)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reordered(item, choices), choices.next().value] as const);
  return Object.fromEntries(entries.sort((a, b) => a[2] - b[2]).map(([key, item]) => [key, item])) as T;
}
