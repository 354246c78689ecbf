import * as fc from 'fast-check';
import { registryOf } from './cluster';
import { metricsApi } from '../../../../src/runtime/api/metrics/metrics-api';
import { SimdPodRows } from '../../../../src/runtime/api/metrics/simd-pod-rows';
import { ObjectCache } from '../../../../src/runtime/cluster/object-cache';
import { PodRecord } from '../../../../src/runtime/cluster/pod';
import { ByteWriter } from '../../../../src/runtime/server/encoding/byte-writer';
import { Document } from '../../../../src/runtime/server/encoding/document';
import { encodeJson } from '../../../../src/runtime/server/encoding/json';
import { objectDocument } from '../../../../src/runtime/server/encoding/object';
import { partialObjectMetadataDocument } from '../../../../src/runtime/server/encoding/partial-object-metadata';
import { encodeProtobuf } from '../../../../src/runtime/server/encoding/protobuf';
import { tableDocument } from '../../../../src/runtime/server/encoding/table';
import { ApiResult } from '../../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../../src/runtime/server/list-options';
import { parseRequestInfo } from '../../../../src/runtime/server/request-info';
import { MetricStore } from '../../../../src/runtime/store/metric-store';
import { ManualClock } from '../../manual-clock';
import { ContainerSample, pageOf } from '../../store/pages';

const T0 = Date.parse('2026-11-21T10:00:00Z');
const VERSION = 'metrics.k8s.io/v1beta1';

const simdPodRows = SimdPodRows.onDemand(process.env);

type List = Extract<ApiResult, { readonly items: unknown }>;

/** Two scrapes of pods `0` to `19`, whose containers have the figures drawn. */
interface Drawn {
  readonly pod: number;
  readonly container: string;
  readonly seconds: number;
  readonly windowMs: number;
  readonly memoryBytes: number | undefined;
  readonly swapBytes: number | undefined;
  readonly hasCpu: boolean;
}

const containers = fc.uniqueArray(fc.record({
  pod: fc.integer({ min: 0, max: 19 }),
  container: fc.constantFrom('app', 'app-1', 'app.x', 'a', 'zz', 'a<b', 'a!', 'a&b', 'c'.repeat(63), 'd'.repeat(300)),
  seconds: fc.oneof(fc.constantFrom(0, 1, 15, 0.015), fc.double({ min: 0, max: 1e6, noNaN: true })),
  windowMs: fc.oneof(fc.constantFrom(15_000, 10_000, 60_000, 61_001), fc.integer({ min: 1, max: 7_200_000 })),
  memoryBytes: fc.option(fc.oneof(fc.constantFrom(0, 1000, 1023, 1024, 2 ** 30, 2 ** 53), fc.maxSafeNat()), { nil: undefined }),
  swapBytes: fc.option(fc.oneof(fc.constantFrom(0, 4096), fc.maxSafeNat()), { nil: undefined }),
  hasCpu: fc.boolean(),
}), { selector: ({ pod, container }) => `${pod}/${container}`, maxLength: 60 });

const LABELS: readonly Record<string, string>[] = [{}, { app: 'web' }, { 'app': 'ünï', 'html<>': '&' }, { long: 'x'.repeat(500) }];
const labelSets = LABELS.map((values) => (
  { values, json: Object.keys(values).length === 0 ? undefined : JSON.stringify(values) }
));

function listOf(drawn: readonly Drawn[], labels: readonly number[]): List {
  const clock = new ManualClock(T0);
  const store = new MetricStore({ clock, random: Math.random, resolutionMs: 60_000 });
  const samples = (scrape: number) => drawn.map(({ pod, container, seconds, windowMs, memoryBytes, swapBytes, hasCpu }): ContainerSample => ({
    pod: `pod-${pod}`,
    container,
    timestampMs: T0 - 8_000_000 + scrape * windowMs,
    ...hasCpu && { cpuSeconds: 1 + scrape * seconds },
    memoryBytes,
    swapBytes,
    startSeconds: 1,
  }));
  store.apply('node', pageOf(undefined, samples(0)));
  clock.advance(15_000);
  store.apply('node', pageOf(undefined, samples(1)));
  const pods = Array.from({ length: 20 }, (_, i): PodRecord => ({ namespace: 'default', name: `pod-${i}`, labels: labelSets[labels[i]] }));
  const api = metricsApi({ version: 'v1beta1', nodes: registryOf(), pods: registryOf(...pods), usage: store, clock, simdPodRows });
  const url = `/apis/${VERSION}/pods`;
  const query = new URLSearchParams();
  return api.handle({
    info: parseRequestInfo('GET', url), query, options: parseListOptions(query), user: { name: '', groups: [] }, signal: new AbortController().signal,
  }) as List;
}

const FORMS: Readonly<Record<string, (list: List) => Document>> = {
  'JSON': (list) => objectDocument(list, VERSION),
  'a Table': (list) => tableDocument(list, VERSION, 'meta.k8s.io/v1', ''),
  'a Table without objects': (list) => tableDocument(list, VERSION, 'meta.k8s.io/v1', 'None'),
  'metadata': (list) => partialObjectMetadataDocument(list, 'PartialObjectMetadataList', 'meta.k8s.io/v1'),
};

/** A piece is valid only until the next is asked for. */
function textOf(document: Document): string {
  let text = '';
  for (const piece of encodeJson(document)) text += Buffer.from(piece).toString();
  return text;
}

async function protobufOf(document: Document): Promise<string> {
  return Buffer.concat(await encodeProtobuf(document.protobuf!)).toString('latin1');
}

describe('pods written from the store\'s columns are those that are made one by one', () => {
  const labels = fc.array(fc.nat({ max: labelSets.length - 1 }), { minLength: 20, maxLength: 20 });

  test.each(Object.keys(FORMS))('as %s', (form) => {
    fc.assert(fc.property(containers, labels, (drawn, chosen) => {
      const list = listOf(drawn, chosen);
      expect(list.items.inBytes).toBeDefined();
      expect(textOf(FORMS[form](list))).toBe(textOf(FORMS[form]({ ...list, items: [...list.items] })));
    }));
  });

  test.each(['JSON', 'metadata'])('as %s in protobuf', async (form) => {
    await fc.assert(fc.asyncProperty(containers, labels, async (drawn, chosen) => {
      const list = listOf(drawn, chosen);
      expect(await protobufOf(FORMS[form](list))).toBe(await protobufOf(FORMS[form]({ ...list, items: [...list.items] })));
    }));
  });
});

test('a list goes on from any place as it does from the first', () => {
  fc.assert(fc.property(containers, fc.nat({ max: 20 }), (drawn, from) => {
    const { inBytes } = listOf(drawn, Array(20).fill(1)).items;
    const written = (start: number): [place: number, text: string][] => {
      const all: [number, string][] = [];
      const writer = new ByteWriter();
      for (const cursor = inBytes!.cursor(start); cursor.next(); writer.clear()) {
        cursor.writeMetadataJson(writer);
        cursor.writeMembersJson(writer);
        all.push([cursor.place, writer.written().toString()]);
      }
      return all;
    };
    expect(written(from)).toEqual(written(0).filter(([place]) => place >= from));
  }));
});

test('lists of the same pods are one when they are asked for in the same second, which they say', () => {
  const clock = new ManualClock(T0);
  const usage = new MetricStore({ clock, random: Math.random, resolutionMs: 15_000 });
  const pods = new ObjectCache<PodRecord>();
  const add = (name: string) => pods.apply({ namespace: 'default', name, labels: labelSets[0] });
  const api = metricsApi({ version: 'v1beta1', nodes: registryOf(), pods, usage, clock });
  const asked = (text = '') => {
    const query = new URLSearchParams(text);
    const options = parseListOptions(query);
    const info = parseRequestInfo('GET', `/apis/${VERSION}/pods`);
    return (api.handle({ info, query, options, user: { name: '', groups: [] }, signal: new AbortController().signal }) as List).items.inBytes;
  };
  add('a');
  const list = asked();
  clock.advance(999);
  expect(asked()).toBe(list);
  expect(asked('labelSelector=app!=x')).not.toBe(list);
  clock.advance(1);
  const later = asked();
  expect(later).not.toBe(list);
  add('b');
  expect(asked()).not.toBe(later);
});

test('pods that come and go are found where they are now', () => {
  const clock = new ManualClock(T0);
  const store = new MetricStore({ clock, random: Math.random, resolutionMs: 15_000 });
  const pods = ['a', 'b', 'c'].map((name): PodRecord => ({ namespace: 'default', name, labels: labelSets[0] }));
  const api = metricsApi({ version: 'v1beta1', nodes: registryOf(), pods: registryOf(...pods), usage: store, clock, simdPodRows });
  const listed = () => {
    const query = new URLSearchParams();
    const list = api.handle({
      info: parseRequestInfo('GET', `/apis/${VERSION}/pods`), query, options: parseListOptions(query), user: { name: '', groups: [] }, signal: new AbortController().signal,
    }) as List;
    return JSON.parse(textOf(objectDocument(list, VERSION))).items.map((item: any) => [item.metadata.name, item.containers[0].usage.memory]);
  };
  const scrape = (...names: string[]) => {
    clock.advance(15_000);
    const timestampMs = clock.now();
    store.apply('node', pageOf(undefined, names.map((pod) => (
      { pod, container: 'app', timestampMs, cpuSeconds: timestampMs / 1e6, memoryBytes: 1024 * (1 + pod.charCodeAt(0)), startSeconds: 1 }
    ))));
  };
  scrape('a', 'b');
  scrape('a', 'b');
  expect(listed()).toEqual([['a', '98Ki'], ['b', '99Ki']]);
  // c takes the row that a had.
  scrape('b');
  scrape('b', 'c');
  scrape('b', 'c');
  expect(listed()).toEqual([['b', '99Ki'], ['c', '100Ki']]);
  scrape('a', 'c');
  scrape('a', 'c');
  expect(listed()).toEqual([['a', '98Ki'], ['c', '100Ki']]);
});
