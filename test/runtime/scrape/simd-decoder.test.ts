import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { brokenPage, pageText, STARTED_MS, usualPage, wholeMetrics } from './page-text';
import { dump, PageDump, parseReference } from './reference-parser';
import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';
import { webAssemblyInstance, WebAssemblyExports } from '../../../src/runtime/webassembly/instance';

const GOLDEN = join(__dirname, '../../golden/kubelet');
const captures = readdirSync(GOLDEN).filter(file => file.startsWith('metrics-resource')).map(file => readFileSync(join(GOLDEN, file)));

const assembly = webAssemblyInstance({})!;
const memory = Buffer.from(assembly.memory.buffer);
const simd = new SimdDecoder(assembly, Math.random);
const page = new Page(Math.random, simd);
const twin = new Page(Math.random, null);

function containers(count: number): string {
  return Array.from({ length: count }, (_, i) => `container_swap_usage_bytes{container="c${i}",namespace="n",pod="p"} ${i}\n`).join('');
}

function outcome(body: Buffer, into: Page): PageDump | string {
  try {
    decodePage(body, STARTED_MS, into);
    return dump(into);
  } catch (error) {
    return String(error);
  }
}

/** What decoding must leave as it is: all but the body, the node's figures, and the rows that the page has. */
function untouched(before: Buffer, bodyBytes: number, rows: number): void {
  const { BODY, NODE, TIMESTAMP, CPU, MEMORY, SWAP, START, KEY_START, KEY_LENGTH, SLOT_ROW, ROW_SLOT, SLOTS } = assembly;
  const used: [WebAssemblyExports['BODY'], number][] = [
    [BODY, bodyBytes], [NODE, 32], [TIMESTAMP, rows * 8], [CPU, rows * 8], [MEMORY, rows * 8], [SWAP, rows * 8], [START, rows * 8],
    [KEY_START, rows * 4], [KEY_LENGTH, rows * 4], [ROW_SLOT, rows * 2], [SLOT_ROW, SLOTS.value * 2],
  ];
  const expected = Buffer.from(before);
  for (const [{ value: at }, bytes] of used) memory.copy(expected, at, at, at + bytes);
  expect(expected.equals(memory)).toBe(true);
}

describe('pages as kubelets write them', () => {
  test.each(captures)('a capture is decoded without JavaScript, to the same figures', capture => {
    page.reset(STARTED_MS);
    expect(simd.decode(capture, STARTED_MS, page)).toBe(true);
    expect(dump(page)).toEqual(outcome(capture, twin));
    expect(dump(page)).toEqual(parseReference(capture.toString(), STARTED_MS));
  });

  test('so is nearly every page', () => {
    let taken = 0;
    fc.assert(fc.property(usualPage, text => {
      const body = Buffer.from(text);
      page.reset(STARTED_MS);
      if (!simd.decode(body, STARTED_MS, page)) return;
      taken++;
      expect(dump(page)).toEqual(parseReference(text, STARTED_MS));
    }), { numRuns: 1000 });
    expect(taken).toBeGreaterThan(990);
  });

  test('another page leaves no trace of the one before', () => {
    const [first, second] = [captures[0], captures[1]];
    for (const body of [first, second, first]) expect(outcome(body, page)).toEqual(outcome(body, twin));
  });
});

describe('all other pages', () => {
  const any = fc.oneof(pageText, wholeMetrics, usualPage).map(text => Buffer.from(text));

  test('are read, or refused with the same words, as JavaScript alone does it', () => {
    fc.assert(fc.property(fc.oneof(any, brokenPage), body => { expect(outcome(body, page)).toEqual(outcome(body, twin)); }), { numRuns: 3000 });
  });

  test.each([
    ['a page of more than a MiB', `# ${'x'.repeat(2 ** 20)}\nnode_cpu_usage_seconds_total 1\n`],
    ['labels without their brace', `${containers(1)}container_memory_working_set_bytes{container="c0",namespace="n",pod="p" 1\n`],
    ['more containers than a node has', containers(5000)],
    ['labels too long for Kubernetes', `container_swap_usage_bytes{container="c",namespace="n",pod="${'p'.repeat(600)}"} 1\n`],
    ['a name of a pod that is no name', 'container_swap_usage_bytes{container="\u{1f600}",namespace="n",pod="p"} 1\n'],
    ['not a number', 'node_cpu_usage_seconds_total NaN\n'],
    ['a number of thousands of digits', `node_cpu_usage_seconds_total ${'1'.repeat(5000)}\n`],
    ['an exponent of thousands of digits', `node_cpu_usage_seconds_total 1e-${'0'.repeat(5000)}1\n`],
    ['a metric without a type', '# TYPE a\na 1\n'],
    ['nothing but a comment', '# TYPE a gauge\n'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(outcome(Buffer.from(text), page)).toEqual(outcome(Buffer.from(text), twin));
  });
});

test('nothing is written beside the rows and the node\'s figures, whatever is decoded, and wherever it is cut off', () => {
  const hostile = fc.oneof(brokenPage, usualPage.map(text => Buffer.from(text)), fc.uint8Array({ maxLength: 2000 }).map(bytes => Buffer.from(bytes)));
  fc.assert(fc.property(hostile, fc.nat(255), (body, canary) => {
    for (const { value: at } of [assembly.BODY, assembly.CPU, assembly.SWAP, assembly.KEY_START]) memory.fill(canary, at, at + 4096 * 4);
    const before = Buffer.from(memory);
    simd.decode(body, STARTED_MS, page);
    untouched(before, body.length, assembly.rows.value);
  }), { numRuns: 300 });
});

test('nor beside a table that is full', () => {
  const maxRows = assembly.MAX_ROWS.value;
  for (const [count, taken] of [[maxRows, true], [maxRows + 1, false]] as const) {
    const before = Buffer.from(memory);
    const body = Buffer.from(containers(count));
    expect(simd.decode(body, STARTED_MS, page)).toBe(taken);
    untouched(before, body.length, maxRows);
  }
});

test('where WebAssembly is switched off, JavaScript decodes all pages', () => {
  expect(webAssemblyInstance({ METRICS_SERVER_WEBASSEMBLY: 'off' })).toBeUndefined();
  expect(SimdDecoder.create(Math.random, { METRICS_SERVER_WEBASSEMBLY: 'off' })).toBeNull();
});
