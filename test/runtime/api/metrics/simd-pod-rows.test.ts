import * as fc from 'fast-check';
import { AnyFigures, AnyPod, listJson, listPieces } from './any-pods';
import { SimdPodRows } from '../../../../src/runtime/api/metrics/simd-pod-rows';
import { ByteWriter } from '../../../../src/runtime/server/encoding/byte-writer';
import { webAssemblyInstance } from '../../../../src/runtime/webassembly/instance';

const T0 = Date.parse('2026-11-21T10:00:00Z');
const LARGE = 150 * 1024;

const assembly = webAssemblyInstance({})!;
const simd = new SimdPodRows(assembly);

const json = (pods: readonly AnyPod[], rows?: SimdPodRows, createdMs = T0) => listJson(pods, rows, createdMs);

const labelSet = (values: Record<string, string>) => ({ values, json: Object.keys(values).length === 0 ? undefined : JSON.stringify(values) });
const LABELS = [labelSet({}), labelSet({ app: 'web' }), labelSet({ app: 'ünï', html: '<>&' }), labelSet({ long: 'x'.repeat(500) })];
const LONG = labelSet({ a: 'x'.repeat(4000) });
const usual = (name: string): AnyPod => ({
  namespace: 'default',
  name,
  labels: LABELS[1],
  containers: [{ name: 'app', cpuNanocores: 12_345_678, memoryBytes: 50 * 1024 ** 2, swapBytes: NaN }],
  timestampMs: T0 - 3000,
  windowNanoseconds: 15.003e9,
});

const kubernetesName = fc.oneof(fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,40}[a-z0-9])?$/), fc.constantFrom('a'.repeat(63), 'b'.repeat(253)));
/** All that may stand inside quotes in the store. */
const anyName = fc.oneof(kubernetesName, fc.stringMatching(/^[!#-[\]-~]{1,40}$/));
const integer = fc.oneof(
  fc.constantFrom(0, 1, 999, 1000, 1023, 1024, 2 ** 30, 1e9, 1e15, 2 ** 53 - 1), fc.maxSafeNat(), fc.nat(15).map((power) => 10 ** power - 1),
);
const anyFigure = fc.oneof({ weight: 4, arbitrary: integer }, fc.constantFrom(NaN, -0, -1, Infinity, 0.5, 2 ** 53, 2 ** 64), fc.double());
const windows = fc.oneof(
  fc.integer({ min: 1e9, max: 3599e9 }), fc.nat(7200).map((seconds) => seconds * 1e9),
  fc.constantFrom(15e9, 61_001e6, 999_999_999, 1e9, 1e9 + 1, 3_599_999_999_999, 3600e9, 1.5e9 + 0.5, 0, -1, NaN),
);
const times = fc.oneof(
  fc.integer({ min: T0 - 1e9, max: T0 }), fc.integer({ min: 0, max: 253_402_300_799_999 }),
  fc.constantFrom(-1, 0, 0.5, 253_402_300_799_999, 253_402_300_800_000),
  fc.constantFrom('2000-02-29', '2099-12-31T23:59:59.999Z', '2100-02-28', '2100-03-01').map(Date.parse),
);
const pod = (name: fc.Arbitrary<string>, figure: fc.Arbitrary<number>) => fc.record({
  namespace: name,
  name,
  labels: fc.constantFrom(...LABELS),
  containers: fc.array(fc.record({ name, cpuNanocores: figure, memoryBytes: figure, swapBytes: figure }), { maxLength: 4 }),
  timestampMs: times,
  windowNanoseconds: windows,
});

describe('a list that WebAssembly writes is, byte by byte, the one that JavaScript writes', () => {
  test('whatever its pods are called, and whatever the figures are', () => {
    const anyPod = fc.oneof(pod(kubernetesName, integer), pod(anyName, anyFigure));
    fc.assert(fc.property(fc.array(anyPod, { maxLength: 150, size: 'max' }), times, (pods, createdMs) => {
      expect(json(pods, simd, createdMs)).toBe(json(pods, undefined, createdMs));
    }));
  });

  test('with many pods', () => {
    const pods = Array.from({ length: 5000 }, (_, i) => usual(`pod-${i}`));
    expect(json(pods, simd)).toBe(json(pods));
  });

  test.each<[string, readonly AnyPod[]]>([
    ['no pods', []],
    ['no pod that anything is known of', [{ ...usual('a'), containers: [] }]],
    ['a pod with more containers than there is room for', [usual('a'), { ...usual('b'), containers: Array(600).fill(usual('b').containers[0]) }, usual('c')]],
    ['labels longer than there is room for', [usual('a'), { ...usual('b'), labels: labelSet({ a: 'x'.repeat(LARGE) }) }, usual('c')]],
    ['pods that together are', Array.from({ length: 100 }, (_, i) => ({ ...usual(`pod-${i}`), labels: labelSet({ a: String(i).repeat(4000) }) }))],
    ['rows longer than there is room for', Array.from({ length: 100 }, (_, i) => ({ ...usual(`pod-${i}`), labels: LONG }))],
    ['names that HTML would misread', ['a', 'b<c', 'd', 'e&f', 'g>'].map(usual)],
    ['nothing but those', ['<', '>', '&'].map(usual)],
  ])('of %s', (_, pods) => {
    expect(json(pods, simd)).toBe(json(pods));
  });

  test('when another is written at the same time', () => {
    const some = Array.from({ length: 3000 }, (_, i) => usual(`some-${i}`));
    const others = Array.from({ length: 3000 }, (_, i) => ({ ...usual(`other-${i}`), labels: LABELS[2] }));
    const [a, b] = [listPieces(some, simd, T0), listPieces(others, simd, T0 + 86_400_000)];
    let [written, writtenOfOthers] = ['', ''];
    for (let next = a.next(); !next.done; next = a.next()) {
      written += next.value;
      writtenOfOthers += b.next().value ?? '';
    }
    expect(written).toBe(json(some));
    expect(writtenOfOthers + [...b].join('')).toBe(json(others, undefined, T0 + 86_400_000));
  });
});

test('it leaves usual pods to nobody', () => {
  const figures = new AnyFigures();
  fc.assert(fc.property(fc.array(pod(kubernetesName, fc.integer({ min: 0, max: 2 ** 50 })), { minLength: 1, maxLength: simd.maxPods }), (pods) => {
    simd.clear(T0);
    for (const each of pods) {
      if (figures.moveTo({ ...each, timestampMs: T0, windowNanoseconds: 15.003e9 })) expect(simd.add(each.labels, figures)).toBe(true);
    }
    expect(simd.write(new ByteWriter(), 0)).toBe(simd.size);
  }));
});

describe('whatever stands in the columns and in the text', () => {
  const memory = Buffer.from(assembly.memory.buffer);
  const { POD_CREATED, POD_TEXT, POD_TEXT_BYTES, POD_ROWS, POD_ROWS_BYTES, MAX_PODS } = assembly;
  const columnsEnd = POD_TEXT.value + POD_TEXT_BYTES.value;
  const KEY = 'app",namespace="default",pod="web-1"';
  const place = fc.oneof(fc.nat(400), fc.constantFrom(POD_TEXT_BYTES.value, POD_TEXT_BYTES.value - 1, 2 ** 31, 2 ** 32 - 1), fc.nat());
  /** Mostly one that makes sense. */
  const orAny = <T>(sense: fc.Arbitrary<T>, any: fc.Arbitrary<T>) => fc.oneof({ weight: 30, arbitrary: sense }, any);
  const hostile = fc.record({
    pods: fc.array(fc.record({
      labels: orAny(fc.nat(20), place),
      labelsEnd: orAny(fc.integer({ min: 20, max: 300 }), place),
      containersEnd: orAny<number | undefined>(fc.constant(undefined), place),
      timestampMs: orAny(fc.constant(T0), times),
      windowNanoseconds: orAny(fc.constant(15e9), windows),
    }), { maxLength: MAX_PODS.value }),
    containers: fc.array(fc.record({
      key: orAny(fc.nat(8).map((index) => index * KEY.length), place),
      keyEnd: orAny(fc.integer({ min: 9, max: 12 }).map((index) => index * KEY.length), place),
      cpuNanocores: orAny(integer, anyFigure),
      memoryBytes: orAny(integer, anyFigure),
      swapBytes: orAny(fc.constant(NaN), anyFigure),
    }), { minLength: 64, maxLength: 70 }),
    text: orAny(fc.constant(Buffer.from(KEY.repeat(12))), fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))),
    first: orAny(fc.constant(0), fc.integer()),
    count: orAny(fc.constant(MAX_PODS.value), fc.integer()),
  });

  const column = <T extends Float64Array | Uint32Array>(
    { value }: { readonly value: number }, type: new (buffer: ArrayBuffer, at: number, length: number) => T, values: readonly number[],
  ) => new type(assembly.memory.buffer, value, values.length).set(values);

  type Columns = Pick<typeof hostile extends fc.Arbitrary<infer T> ? T : never, 'pods' | 'containers' | 'text'>;

  function fill({ pods, containers, text }: Columns): void {
    memory.fill(0, POD_CREATED.value, columnsEnd);
    text.copy(memory, POD_TEXT.value);
    text.copy(memory, columnsEnd - text.length);
    column(assembly.POD_LABELS, Uint32Array, pods.map(({ labels }) => labels));
    column(assembly.POD_LABELS_END, Uint32Array, pods.map(({ labelsEnd }) => labelsEnd));
    column(assembly.POD_CONTAINERS_END, Uint32Array, pods.map(({ containersEnd }, index) => containersEnd ?? index + 1));
    column(assembly.POD_TIMESTAMP, Float64Array, pods.map(({ timestampMs }) => timestampMs));
    column(assembly.POD_WINDOW, Float64Array, pods.map(({ windowNanoseconds }) => windowNanoseconds));
    column(assembly.CONTAINER_KEY, Uint32Array, containers.map(({ key }) => key));
    column(assembly.CONTAINER_KEY_END, Uint32Array, containers.map(({ keyEnd }) => keyEnd));
    column(assembly.CONTAINER_CPU, Float64Array, containers.map(({ cpuNanocores }) => cpuNanocores));
    column(assembly.CONTAINER_MEMORY, Float64Array, containers.map(({ memoryBytes }) => memoryBytes));
    column(assembly.CONTAINER_SWAP, Float64Array, containers.map(({ swapBytes }) => swapBytes));
  }

  test('nothing beside the rows is written, and they say nothing of what stands beside the columns', () => {
    let bytes = 0;
    fc.assert(fc.property(hostile, (columns) => {
      fill(columns);
      const before = Buffer.from(memory);
      const write = (canary: number) => {
        memory.fill(canary, columnsEnd, columnsEnd + 16);
        memory.fill(canary, POD_ROWS.value, POD_ROWS.value + POD_ROWS_BYTES.value);
        memory.copy(before, columnsEnd, columnsEnd, columnsEnd + 16);
        const next = assembly.writePodRows(columns.first, columns.count);
        memory.copy(before, POD_ROWS.value, POD_ROWS.value, POD_ROWS.value + POD_ROWS_BYTES.value);
        expect(before.equals(memory)).toBe(true);
        expect(assembly.podRowsBytes.value).toBeLessThanOrEqual(POD_ROWS_BYTES.value);
        bytes += assembly.podRowsBytes.value;
        return [next, memory.toString('latin1', POD_ROWS.value, POD_ROWS.value + assembly.podRowsBytes.value)];
      };
      expect(write(0x22)).toEqual(write(0x61));
    }), { numRuns: 300 });
    expect(bytes).toBeGreaterThan(100_000);
  });

  const usualColumns = {
    pods: [{ labels: 0, labelsEnd: 0, containersEnd: undefined, timestampMs: T0, windowNanoseconds: 15e9 }],
    containers: [{ key: 0, keyEnd: KEY.length, cpuNanocores: 1, memoryBytes: 1, swapBytes: 1 }],
    text: Buffer.from(KEY.repeat(12)),
  };
  const end = POD_TEXT_BYTES.value;

  test('what makes sense is written', () => {
    fill(usualColumns);
    expect(assembly.writePodRows(0, 1)).toBe(1);
  });

  test.each([
    ['labels that end after the text', { labels: end - 8, labelsEnd: end + 8 }, {}, 1],
    ['labels that begin before it', { labels: 2 ** 32 - 64, labelsEnd: 8 }, {}, 1],
    ['labels that end before they begin', { labels: 8, labelsEnd: 0 }, {}, 1],
    ['a key that ends after the text', {}, { key: end - KEY.length, keyEnd: end + KEY.length }, 1],
    ['a key that begins before it', {}, { key: 2 ** 32 - KEY.length, keyEnd: KEY.length }, 1],
    ['a name without its quote', {}, { keyEnd: KEY.length - 1 }, 1],
    ['a pod without containers', { containersEnd: 0 }, {}, 1],
    ['more containers than there can be', { containersEnd: assembly.MAX_POD_CONTAINERS.value + 1 }, {}, 1],
    ['more pods than there can be', {}, {}, MAX_PODS.value + 1],
  ])('%s: nothing of it is', (_, ofPod, ofContainer, pods) => {
    fill({ ...usualColumns, pods: [{ ...usualColumns.pods[0], ...ofPod }], containers: [{ ...usualColumns.containers[0], ...ofContainer }] });
    expect(assembly.writePodRows(0, pods)).toBe(0);
    expect(assembly.podRowsBytes.value).toBe(0);
  });
});

test('where WebAssembly is switched off, there is none', () => {
  expect(SimdPodRows.create({ METRICS_SERVER_WEBASSEMBLY: 'off' })).toBeUndefined();
  expect(SimdPodRows.onDemand({ METRICS_SERVER_WEBASSEMBLY: 'off' })()).toBeUndefined();
});

test('all lists share one, which nobody makes before there is a list', () => {
  const rows = SimdPodRows.onDemand({});
  expect(rows()).toBeInstanceOf(SimdPodRows);
  expect(rows()).toBe(rows());
});
