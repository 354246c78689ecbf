import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { adapters, addMetricsAdapter } from './random-adapters';
import { addMetricsServer, metricsServerProps, nannyOptions } from './random-props';
import { kubeletServingApproverProps } from './random-servers';
import { testChart } from './synthesize';
import { KubeletServingApprover, KubeletServingApproverProps, MetricsServer, MetricsServerProps, NannyOptions } from '../src';

test('the same props give the same bytes, whatever order their keys were written in', () => {
  fc.assert(fc.property(metricsServerProps, nannyOptions, fc.infiniteStream(fc.nat()), (given, nanny, choices) => {
    const first = synthesize(given, nanny);

    expect(synthesize(given, nanny)).toBe(first);
    expect(synthesize(reordered(given, choices), reordered(nanny, choices))).toBe(first);
  }), { numRuns: 150 });
});

test('so do those of a KubeletServingApprover', () => {
  const synthesizeApprover = (props: KubeletServingApproverProps) => {
    const chart = testChart();
    new KubeletServingApprover(chart, 'approver', props);
    return Yaml.stringify(...chart.toJson());
  };
  fc.assert(fc.property(kubeletServingApproverProps, fc.infiniteStream(fc.nat()), (given, choices) => {
    const first = synthesizeApprover(given);

    expect(synthesizeApprover(reordered(given, choices))).toBe(first);
    expect(synthesizeApprover(withoutPrototypes(given))).toBe(first);
  }), { numRuns: 50 });
});

test('so do those of a MetricsAdapter', () => {
  const synthesizeAdapter = (given: Parameters<typeof addMetricsAdapter>[1]) => {
    const chart = testChart();
    addMetricsAdapter(chart, given);
    return Yaml.stringify(...chart.toJson());
  };
  fc.assert(fc.property(adapters, fc.infiniteStream(fc.nat()), (given, choices) => {
    const first = synthesizeAdapter(given);

    expect(synthesizeAdapter(reordered(given, choices))).toBe(first);
    expect(synthesizeAdapter(withoutPrototypes(given))).toBe(first);
  }), { numRuns: 50 });
});

test('so do those of a MetricsAdapter whose host is a MetricsServer', () => {
  const synthesizeHosted = ({ props: { sources, adapters: others, externalMetrics }, ...given }: Parameters<typeof addMetricsAdapter>[1]) => {
    const chart = testChart();
    const host = new MetricsServer(chart, 'metrics-server').server;
    // The host shows its own token to nobody.
    const known = others?.filter((other) => !other._takesServiceAccount);
    addMetricsAdapter(chart, { ...given, props: { sources, adapters: known, externalMetrics, host } });
    return Yaml.stringify(...chart.toJson());
  };
  fc.assert(fc.property(adapters, fc.infiniteStream(fc.nat()), (given, choices) => {
    expect(synthesizeHosted(reordered(given, choices))).toBe(synthesizeHosted(given));
  }), { numRuns: 50 });
});

test('objects without prototype are as good as any', () => {
  fc.assert(fc.property(metricsServerProps, nannyOptions, (given, nanny) => {
    expect(synthesize(withoutPrototypes(given), withoutPrototypes(nanny))).toBe(synthesize(given, nanny));
  }), { numRuns: 50 });
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

function synthesize(given: MetricsServerProps, nanny?: NannyOptions): string {
  const chart = testChart();
  addMetricsServer(chart, given, nanny);
  return Yaml.stringify(...chart.toJson());
}

/** The same value with the keys of every plain object in another order. */
function reordered<T>(value: T, choices: Iterator<number>): T {
  if (Array.isArray(value)) return value.map((item) => reordered(item, choices)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reordered(item, choices), choices.next().value] as const);
  return Object.fromEntries(entries.sort((a, b) => a[2] - b[2]).map(([key, item]) => [key, item])) as T;
}

function withoutPrototypes<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutPrototypes) as T;
  if (typeof value !== 'object' || value === null || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPrototypes(item)])));
}
