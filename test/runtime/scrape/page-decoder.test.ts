import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { brokenPage, MEASURED_MS, pageText, STARTED_MS, wholeMetrics } from './page-text';
import { PageDump, dump, parseReference } from './reference-parser';
import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { PageError } from '../../../src/runtime/scrape/page-error';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';

const GOLDEN = join(__dirname, '../../golden/kubelet');
const page = new Page(Math.random, SimdDecoder.create(Math.random, process.env));

function decode(text: string | Buffer): PageDump {
  decodePage(Buffer.from(text), STARTED_MS, page);
  return dump(page);
}

function container(name: string, value: string, { namespace = 'default', pod = 'web-0' } = {}): string {
  return `container_cpu_usage_seconds_total{container="${name}",namespace="${namespace}",pod="${pod}"} ${value}\n`;
}

describe('pages of a real kubelet', () => {
  test('a page holds the node and its containers, numbers as Go converts them', () => {
    expect(decode(readFileSync(join(GOLDEN, 'metrics-resource-kubelet-v1.34.4.txt')))).toEqual({
      node: { timestampMs: 1795229285173, cpu: 5632835034084, memory: 2944442368, swap: 0 },
      containers: {
        'container="demo",namespace="default",pod="demo-lab-node"':
          { timestampMs: 1795229287086, cpu: 160064395, memory: 16789504, swap: 0, start: 1795229215078851072 },
      },
    });
  });

  test.each(readdirSync(GOLDEN).filter(file => file.startsWith('metrics-resource')))('%s is read as a naive parser reads it', file => {
    const text = readFileSync(join(GOLDEN, file), 'utf8');
    expect(decode(text)).toEqual(parseReference(text, STARTED_MS));
  });
});

describe('what the text format allows', () => {
  test.each([
    '# TYPE a\nnode_cpu_usage_seconds_total\t1\n',
    '# TYPE a\nnode_cpu_usage_seconds_total\t1\nb 2\n',
    '# TYPE a\tgauge\nnode_cpu_usage_seconds_total\t1\n# HELP b c\n',
  ])('what announces no type skips no sample: %j', (text) => {
    expect(decode(text).node?.cpu).toBe(1_000_000_000);
  });

  test('without a timestamp, the time of the request counts', () => {
    expect(decode('node_cpu_usage_seconds_total 1\nnode_memory_working_set_bytes 2\n').node).toEqual({ timestampMs: STARTED_MS, cpu: 1e9, memory: 2 });
  });

  test('labels in another order, with blanks, escapes, a trailing comma and labels unknown here name the same container', () => {
    const odd = 'container_memory_working_set_bytes{ pod = "web-0" ,id="a\\"b\\\\c\\nd}", namespace="default",container="app", } 7 ' + `${MEASURED_MS}\n`;
    expect(decode(container('app', `1 ${MEASURED_MS}`) + odd).containers).toEqual({
      'container="app",namespace="default",pod="web-0"': { timestampMs: MEASURED_MS, cpu: 1e9, memory: 7, start: NaN },
    });
  });

  test('labels that only begin as those of the container expected here are read to their end', () => {
    const longer = `container_memory_working_set_bytes{container="app",namespace="default",pod="web-0",id="1"} 7 ${MEASURED_MS}\n`;
    expect(decode(container('app', `1 ${MEASURED_MS}`) + longer).containers).toEqual({
      'container="app",namespace="default",pod="web-0"': { timestampMs: MEASURED_MS, cpu: 1e9, memory: 7, start: NaN },
    });
  });

  test('families in any order, comments, empty lines and blanks at the ends change nothing', () => {
    expect(decode(`\n  # whatever {\n\tnode_memory_working_set_bytes{} 2 ${MEASURED_MS + 1} \nother_metric{a="1"} NaN\nnode_cpu_usage_seconds_total\t1\t${MEASURED_MS}\n`).node)
      .toEqual({ timestampMs: MEASURED_MS, cpu: 1e9, memory: 2 });
  });

  test.each([
    ['1', 1e9], ['+1', 1e9], ['1.', 1e9], ['.5', 5e8], ['1e0', 1e9], ['1E+2', 1e11], ['1.5e-3', 1.5e6], ['0', 0],
    ['123456789.123456789', 123456789123456780], ['9007199254740993e-6', 9007199254740993000], ['0.265723871', 265723871],
    ['1e-30', 0], ['1797693134862315708145274237317043567980705e-40', 179769313486],
  ])('the value %s is %d nanoseconds', (value, nanoseconds) => {
    expect(decode(container('app', value)).containers['container="app",namespace="default",pod="web-0"'].cpu).toBe(nanoseconds);
  });

  test('of two samples of one series the first counts, the timestamp is that of CPU or memory, whichever comes last', () => {
    const memory = container('app', `7 ${MEASURED_MS + 1}`).replace('cpu_usage_seconds_total', 'memory_working_set_bytes');
    expect(decode(container('app', `1 ${MEASURED_MS}`) + memory + container('app', `3 ${MEASURED_MS + 2}`)).containers).toEqual({
      'container="app",namespace="default",pod="web-0"': { timestampMs: MEASURED_MS + 1, cpu: 1e9, memory: 7, start: NaN },
    });
  });

  test('a family whose name only begins alike is another family', () => {
    expect(decode('node_cpu_usage_seconds_total_x 1\nnode_cpu_usage_seconds_totals 1\nnode_cpu_usage 2\n').node.cpu).toBe(NaN);
  });
});

describe('impossible numbers', () => {
  test.each(['NaN', 'nan', '+Inf', '-Inf', 'Infinity', '-1', '1e300', '1e999', '18446744073.709553'])('the value %s drops this sample alone', value => {
    const { containers } = decode(container('app', `${value} ${MEASURED_MS}`) + container('other', '1'));
    expect(containers['container="app",namespace="default",pod="web-0"'].cpu).toBe(NaN);
    expect(containers['container="other",namespace="default",pod="web-0"'].cpu).toBe(1e9);
  });

  test.each([
    ['Go\'s zero time, as of a container without statistics', -62_135_596_800_000],
    ['before there was Kubernetes', Date.UTC(2000, 0) - 1],
    ['more than a day ahead', STARTED_MS + 86_400_001],
    ['a year of five digits', 2.6e14],
    ['beyond what Date can hold', '99999999999999999999'],
  ])('a sample whose time is implausible is dropped alone: %s', (_, time) => {
    const { containers, node } = decode(
      container('app', `1 ${time}`) + container('other', '1') + `node_cpu_usage_seconds_total 1 ${time}\nnode_memory_working_set_bytes 2 ${time}\n`,
    );
    expect(containers['container="app",namespace="default",pod="web-0"']).toEqual({ timestampMs: NaN, cpu: NaN, memory: NaN, start: NaN });
    expect(containers['container="other",namespace="default",pod="web-0"'].cpu).toBe(1e9);
    expect(node).toEqual({ timestampMs: NaN, cpu: NaN, memory: NaN });
  });

  test.each([Date.UTC(2000, 0), STARTED_MS + 86_400_000])('clocks of nodes may be wrong: %d', time => {
    expect(decode(container('app', `1 ${time}`)).containers['container="app",namespace="default",pod="web-0"'].timestampMs).toBe(time);
  });

  test.each([
    'container_cpu_usage_seconds_total 1\n',
    'container_cpu_usage_seconds_total{} 1\n',
    'container_cpu_usage_seconds_total{container="",namespace="a",pod="b"} 1\n',
    'container_cpu_usage_seconds_total{container="a",namespace="a"} 1\n',
    'container_cpu_usage_seconds_total{container="\\"",namespace="a",pod="b"} 1\n',
    'container_cpu_usage_seconds_total{container="é",namespace="a",pod="b"} 1\n',
    `container_cpu_usage_seconds_total{container="a",namespace="a",pod="${'b'.repeat(600)}"} 1\n`,
  ])('a sample that names no container of Kubernetes is left out: %s', line => {
    expect(decode(line + container('other', '1')).containers).toEqual({
      'container="other",namespace="default",pod="web-0"': { timestampMs: STARTED_MS, cpu: 1e9, memory: NaN, start: NaN },
    });
  });
});

describe('what condemns a page', () => {
  test.each([
    ['half a line', 'node_cpu_usage_seconds_total 1\nnode_memory_work', 'line 2: the page is cut short, found "node_memory_work"'],
    ['no number', 'node_cpu_usage_seconds_total one\n', 'line 1: a number should stand here, found "one"'],
    ['an empty value', 'node_cpu_usage_seconds_total\t\n', 'line 1: a number should stand here, found ""'],
    ['half an exponent', '# x\nnode_cpu_usage_seconds_total 1e\n', 'line 2: a number should stand here, found "1e"'],
    ['two dots', 'node_cpu_usage_seconds_total 1.2.3\n', 'line 1: a number should stand here, found "1.2.3"'],
    ['a fraction as timestamp', 'node_cpu_usage_seconds_total 1 1.5\n', 'line 1: a timestamp in milliseconds should stand here, found "1.5"'],
    ['one word too many', 'node_cpu_usage_seconds_total 1 2 3\n', 'line 1: the line should end here, found "3"'],
    ['an open label', 'container_cpu_usage_seconds_total{container="a 1\n', 'line 1: the label value has no closing quote, found "\\"a 1"'],
    ['a label without value', 'container_cpu_usage_seconds_total{a} 1\n', 'line 1: = should stand here, found "} 1"'],
    ['no comma', 'container_cpu_usage_seconds_total{a="1"b="2"} 1\n', 'line 1: , or } should stand here, found "b=\\"2\\"} 1"'],
    ['a carriage return', 'node_cpu_usage_seconds_total 1\r\n', 'line 1: a number should stand here, found "1\\r"'],
    ['HTML', '<html>\n', 'line 1: a metric name or # should stand here, found "<html>"'],
    ['not UTF-8', Buffer.from('container_cpu_usage_seconds_total{a="\xff"} 1\n', 'latin1'), 'line 1: the label value is not UTF-8, found "?\\"} 1"'],
  ])('%s', (_, text, message) => {
    expect(() => decode(text)).toThrow(new PageError(message));
  });

  test('a long line is shown shortened', () => {
    expect(() => decode(`node_cpu_usage_seconds_total ${'x'.repeat(1000)}\n`)).toThrow(new PageError(`line 1: a number should stand here, found "${'x'.repeat(60)}"`));
  });
});

describe('properties', () => {
  test('any page is read as a naive parser reads it', () => {
    fc.assert(fc.property(pageText, text => { expect(decode(text)).toEqual(parseReference(text, STARTED_MS)); }), { numRuns: 300 });
  });

  test('a page of whole metrics, announced or not, in any order, is read as a naive parser reads it', () => {
    fc.assert(fc.property(wholeMetrics, text => { expect(decode(text)).toEqual(parseReference(text, STARTED_MS)); }), { numRuns: 1000 });
  });

  test('a page cut anywhere but at a line end, or with any bytes changed, is read or refused, nothing else', () => {
    fc.assert(fc.property(brokenPage, body => {
      try {
        decodePage(body, STARTED_MS, page);
        expect(body.length === 0 || body[body.length - 1] === 0x0a).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(PageError);
      }
    }), { numRuns: 1000 });
  });

  test('garbage is refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      try { decodePage(Buffer.from(bytes), 0, page); } catch (error) { expect(error).toBeInstanceOf(PageError); }
    }), { numRuns: 500 });
  });
});

test('a page with thousands of containers leaves no trace in the next', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => container(`c${i}`, `${i} ${MEASURED_MS}`)).join('');
  expect(Object.keys(decode(many).containers)).toHaveLength(20_000);
  expect(Object.keys(decode(container('app', '1')).containers)).toEqual(['container="app",namespace="default",pod="web-0"']);
});
