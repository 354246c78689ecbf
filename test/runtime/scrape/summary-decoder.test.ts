import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { PageDump, dump } from './reference-parser';
import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { PageError } from '../../../src/runtime/scrape/page-error';
import { readPage } from '../../../src/runtime/scrape/read-page';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';
import { decodeSummary } from '../../../src/runtime/scrape/summary-decoder';

const GOLDEN = join(__dirname, '../../golden/kubelet');
const STARTED_MS = 1_795_229_900_000;
const page = new Page(Math.random, SimdDecoder.create(Math.random, process.env));

function golden(file: string): Buffer {
  return readFileSync(join(GOLDEN, file));
}

function decode(body: Buffer | object): PageDump {
  decodeSummary(Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)), STARTED_MS, page);
  return dump(page);
}

const TIME = '2026-11-21T02:48:05Z';
const SECOND = Date.parse(TIME);
const CPU = { time: TIME, usageCoreNanoSeconds: 7 };
const APP = 'container="app",namespace="default",pod="web-0"';

function summaryOf(container: object, podRef: object = { name: 'web-0', namespace: 'default' }): object {
  return { pods: [{ podRef, containers: [{ name: 'app', ...container }] }] };
}

test('a real kubelet\'s summary holds the figures of its resource page, with times in whole seconds', () => {
  decodePage(golden('metrics-resource-kubelet-v1.34.4.txt'), STARTED_MS, page);
  const resource = dump(page);
  const inWholeSeconds = (time: number, unit: number) => Math.floor(time / unit) * unit;
  const containers = Object.entries(resource.containers).map(([key, { timestampMs, start, ...figures }]) => (
    [key, { ...figures, timestampMs: inWholeSeconds(timestampMs, 1e3), start: inWholeSeconds(start, 1e9) }]
  ));
  expect(containers).toHaveLength(1);
  expect(decode(golden('stats-summary-kubelet-v1.34.4.json'))).toEqual({
    node: { ...resource.node, timestampMs: inWholeSeconds(resource.node.timestampMs, 1e3) },
    containers: Object.fromEntries(containers),
  });
});

test('a container is known by its start alone, and by what it has: figures that are missing are missing alone', () => {
  expect(decode(summaryOf({ startTime: TIME })).containers).toEqual({ [APP]: { timestampMs: NaN, cpu: NaN, memory: NaN, start: SECOND * 1e6 } });
  expect(decode(summaryOf({ cpu: CPU })).containers).toEqual({ [APP]: { timestampMs: SECOND, cpu: 7, memory: NaN, start: NaN } });
});

test.each<[string, object]>([
  ['below zero', { time: TIME, usageCoreNanoSeconds: -1 }],
  ['beyond what kubelets count to', { time: TIME, usageCoreNanoSeconds: 1e30 }],
  ['text', { time: TIME, usageCoreNanoSeconds: '7' }],
  ['without a time', { usageCoreNanoSeconds: 7 }],
  ['of Go\'s zero time', { time: '0001-01-01T00:00:00Z', usageCoreNanoSeconds: 7 }],
  ['of the day after tomorrow', { time: '2026-11-23T02:48:05Z', usageCoreNanoSeconds: 7 }],
  ['of no time at all', { time: 'soon', usageCoreNanoSeconds: 7 }],
])('a figure %s is left out', (_, cpu) => {
  const { containers } = decode(summaryOf({ cpu, memory: { time: TIME, workingSetBytes: 5 } }));
  expect(containers).toEqual({ [APP]: { timestampMs: SECOND, cpu: NaN, memory: 5, start: NaN } });
});

test.each<[string, object]>([
  ['none', {}],
  ['text that no Kubernetes name has', { name: 'a"b', namespace: 'default' }],
  ['numbers', { name: 1, namespace: 2 }],
  ['endless', { name: 'a'.repeat(600), namespace: 'default' }],
])('a pod whose names are %s is none', (_, podRef) => {
  expect(decode(summaryOf({ cpu: CPU }, podRef)).containers).toEqual({});
});

test.each<[string, string, RegExp]>([
  ['cut short', '{"node": {', /^the summary is no JSON: /],
  ['nested without end', `{"a":${'['.repeat(1e6)}`, /^the summary has more than 32 levels$/],
  ['of very many objects', `{"a":[${'{},'.repeat(300_000)}{}]}`, /^the summary has more than 250000 objects$/],
])('a page that is %s is refused, whole', (_, text, message) => {
  expect(() => decode(Buffer.from(text))).toThrow(PageError);
  expect(() => decode(Buffer.from(text))).toThrow(message);
});

test('brackets inside of text nest nothing', () => {
  const text = `"\\"${'['.repeat(100)}\\\\"`;
  expect(decode(Buffer.from(`{"a":${text},"node":{"cpu":{"time":"${TIME}","usageCoreNanoSeconds":3}}}`)).node.cpu).toBe(3);
});

test('whatever JSON comes, it is read or refused, and figures are whole numbers that are not negative', () => {
  const figure = fc.oneof(fc.double(), fc.jsonValue({ maxDepth: 1 }));
  const time = fc.oneof(fc.constant(TIME), fc.date().map((date) => date.toJSON()), fc.jsonValue({ maxDepth: 1 }));
  const orAnything = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.jsonValue());
  const stats = {
    cpu: orAnything(fc.record({ time, usageCoreNanoSeconds: figure })),
    memory: orAnything(fc.record({ time, workingSetBytes: figure })),
  };
  const container = fc.record({ name: orAnything(fc.constant('app')), startTime: time, ...stats });
  const podRef = orAnything(fc.constant({ name: 'web-0', namespace: 'default' }));
  const pods = fc.array(fc.record({ podRef, containers: orAnything(fc.array(container)) }));
  fc.assert(fc.property(orAnything(fc.record({ node: fc.record(stats), pods })), (summary) => {
    const { node, containers } = decode(Buffer.from(JSON.stringify(summary)));
    for (const { cpu, memory } of [node, ...Object.values(containers)]) {
      for (const value of [cpu, memory]) expect(Number.isNaN(value) || value >= 0 && Number.isInteger(value)).toBe(true);
    }
  }));
});

test('which of the two a page is, its first byte says', () => {
  expect(readPage(golden('stats-summary-kubelet-v1.34.4.json'), STARTED_MS, page)).toBeUndefined();
  expect(page.containers).toBe(1);
  expect(readPage(Buffer.from('{}'), STARTED_MS, page)).toMatchObject({ reason: 'empty' });
  const failure = { reason: 'too-large', message: 'the summary has 5242880 bytes, 4194304 bytes are accepted' };
  expect(readPage(Buffer.alloc(5 * 1024 * 1024, '{'), STARTED_MS, page)).toEqual(failure);
});

test('every pod of a node that is full is read', () => {
  const [pod] = JSON.parse(golden('stats-summary-kubelet-v1.34.4.json').toString()).pods;
  const pods = Array.from({ length: 110 }, (_, i) => ({ ...pod, podRef: { ...pod.podRef, name: `pod-${i}` } }));
  expect(Object.keys(decode({ pods }).containers)).toHaveLength(110);
});
