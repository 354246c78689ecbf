import { Measurement, ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { Quantity } from '../custom-metrics/quantity';

/** What versions of MetricValue and ExternalMetricValue have, which differ in the window's name alone as far as we read them. */
interface WireValue {
  readonly describedObject?: { readonly name?: unknown };
  readonly metricLabels?: unknown;
  readonly timestamp?: unknown;
  readonly window?: unknown;
  readonly windowSeconds?: unknown;
  readonly value?: unknown;
}

/** Reads a MetricValueList. @throws Error with what is wrong with it */
export function metricValues(text: string, nowMs: number): readonly MetricValue[] {
  return itemsOf(text).map((item) => {
    const name = item.describedObject?.name;
    if (typeof name !== 'string') throw new Error('it holds a value of no object');
    return { objectName: name, ...measurement(item, nowMs) };
  });
}

/** Reads an ExternalMetricValueList. @throws Error with what is wrong with it */
export function externalMetricValues(text: string, nowMs: number): readonly ExternalMetricValue[] {
  return itemsOf(text).map((item) => ({ metricLabels: labels(item.metricLabels), ...measurement(item, nowMs) }));
}

/** Names of the resources in an APIResourceList. @throws Error with what is wrong with it */
export function resourceNames(text: string): readonly { readonly name: string; readonly namespaced: boolean }[] {
  const { resources } = parsed(text) as { readonly resources?: unknown };
  if (!Array.isArray(resources) || resources.some((one) => !isObject(one))) throw new Error('it is no list of resources');
  return resources.flatMap(({ name, namespaced }) => typeof name === 'string' ? [{ name, namespaced: namespaced === true }] : []);
}

function itemsOf(text: string): readonly WireValue[] {
  const { items } = parsed(text) as { readonly items?: unknown };
  if (!Array.isArray(items) || items.some((one) => !isObject(one))) throw new Error('it is no list of values');
  return items as readonly WireValue[];
}

function parsed(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
  if (!isObject(value)) throw new Error('it is no object of Kubernetes');
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A value without a time, or from before 1970, is of now, as for autoscalers, which do not read it. */
function measurement({ timestamp, window, windowSeconds = window, value }: WireValue, nowMs: number): Measurement {
  const timestampMs = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
  return {
    value: Quantity.parse(typeof value === 'string' ? value : ''),
    timestampMs: timestampMs >= 0 ? timestampMs : nowMs,
    ...Number.isSafeInteger(windowSeconds) && (windowSeconds as number) >= 0 && { windowSeconds: windowSeconds as number },
  };
}

function labels(given: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, String(value)]));
}
