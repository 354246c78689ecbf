import { recordedCluster, usageOf } from './cluster';
import { metricsApi, MetricsApiOptions } from '../../../../src/runtime/api/metrics/metrics-api';
import { ApiItem } from '../../../../src/runtime/server/api-object';
import { objectDocument } from '../../../../src/runtime/server/encoding/object';
import { partialObjectMetadataDocument } from '../../../../src/runtime/server/encoding/partial-object-metadata';
import { ProtobufWriter } from '../../../../src/runtime/server/encoding/protobuf-writer';
import { WholeMessages } from '../../../../src/runtime/server/encoding/whole-messages';
import { ApiResult } from '../../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../../src/runtime/server/list-options';
import { StatusError } from '../../../../src/runtime/server/status';
import { ContainerUsage, PodUsage } from '../../../../src/runtime/store/usage';
import { protobufFields } from '../../server/encoding/protobuf-fields';
import { goldenJson } from '../golden';

interface Question {
  readonly resource: 'nodes' | 'pods';
  readonly namespace?: string;
  readonly name?: string;
  readonly query?: string;
}

function ask({ resource, namespace = '', name = '', query = '' }: Question, options: Partial<MetricsApiOptions> = {}): ApiResult {
  const version = options.version ?? 'v1beta1';
  const api = metricsApi({ ...recordedCluster(), version, ...options });
  const info = {
    path: '/', isResourceRequest: true, verb: name === '' ? 'list' : 'get', apiGroup: api.group, apiVersion: version, namespace, resource, subresource: '', name, parts: [],
  };
  const parameters = new URLSearchParams(query);
  return api.handle({
    info, query: parameters, options: name === '' ? parseListOptions(parameters) : undefined, user: { name: 'jane', groups: [] }, signal: new AbortController().signal,
  }) as ApiResult;
}

function items(result: ApiResult): ApiItem[] {
  return 'item' in result ? [result.item] : [...result.items];
}

function names(question: Question, options?: Partial<MetricsApiOptions>): string[] {
  return items(ask(question, options)).map(({ namespace, name }) => namespace === '' ? name : `${namespace}/${name}`);
}

function error(question: Question, options?: Partial<MetricsApiOptions>): StatusError {
  try {
    items(ask(question, options));
  } catch (thrown) {
    if (thrown instanceof StatusError) return thrown;
    throw thrown;
  }
  throw new Error('answered');
}

const apiVersion = 'metrics.k8s.io/v1beta1';

function body(result: ApiResult): string {
  const members = (item: ApiItem) => `"metadata":${item.metadataJson()},${item.membersJson()}`;
  const head = `"kind":"${result.kind}","apiVersion":"${apiVersion}"`;
  if ('item' in result) return `{${head},${members(result.item)}}`;
  return `{${head},"metadata":{},"items":[${[...result.items].map(item => `{${members(item)}}`).join(',')}]}`;
}

test.each(['nodes', 'pods'] as const)('a few %s are answered in protobuf though there is no room for long lists', async (resource) => {
  const full = new WholeMessages(() => { throw StatusError.tooManyRequests(); });
  const documents = [objectDocument(ask({ resource }), apiVersion), partialObjectMetadataDocument(ask({ resource }), 'PartialObjectMetadataList', 'meta.k8s.io/v1')];
  for (const { protobuf } of documents) expect(await full.encode(protobuf!, new AbortController().signal)).not.toHaveLength(0);
});

test('without the right to list pods, those are answered with an error that names it, and nodes as ever', () => {
  const podsForbidden = () => true;
  for (const question of [{}, { namespace: 'default' }, { namespace: 'default', name: 'web' }]) {
    expect(error({ resource: 'pods', ...question }, { podsForbidden })).toMatchObject({
      code: 503, reason: 'ServiceUnavailable', message: 'metrics of pods are off: the server\'s ServiceAccount needs the right to list, watch pods',
    });
  }
  expect(names({ resource: 'nodes' }, { podsForbidden })).toEqual(names({ resource: 'nodes' }));
});

describe('answers are byte for byte those of metrics-server', () => {
  test.each<[string, Question]>([
    ['nodes-list.json', { resource: 'nodes' }],
    ['pods-list.json', { resource: 'pods' }],
    ['node-get.json', { resource: 'nodes', name: 'node-a' }],
    ['pod-get.json', { resource: 'pods', namespace: 'default', name: 'web-1' }],
  ])('%s', (golden, question) => {
    expect(body(ask(question))).toBe(JSON.stringify(goldenJson(golden)));
  });

  test.each<[string, Question]>([
    ['nodes-table.json', { resource: 'nodes' }],
    ['pods-table.json', { resource: 'pods' }],
  ])('%s', (golden, question) => {
    const table = goldenJson(golden);
    const result = ask(question);
    expect(result.columns!.map(column => ({ ...column, priority: 0 }))).toEqual(table.columnDefinitions);
    const rows = items(result).map(item => ({ cells: item.cells(), metadata: JSON.parse(item.metadataJson()) }));
    expect(rows).toEqual(table.rows.map((row: any) => ({ cells: row.cells, metadata: row.object.metadata })));
  });

  test('one object has the row it has in the list', () => {
    const [row] = items(ask({ resource: 'pods', namespace: 'default', name: 'two-c' }));
    expect(row.cells()).toEqual(goldenJson('pods-table.json').rows[0].cells);
  });

  test.each<[string, Question]>([
    ['err-404-node.json', { resource: 'nodes', name: 'nope' }],
    ['err-404-nodemetrics.json', { resource: 'nodes', name: 'node-down' }],
    ['err-404-pod.json', { resource: 'pods', namespace: 'default', name: 'nope' }],
    ['err-404-podmetrics.json', { resource: 'pods', namespace: 'default', name: 'nometrics' }],
    ['err-400-labelselector.json', { resource: 'nodes', query: 'labelSelector=!!' }],
    ['err-400-fieldselector.json', { resource: 'pods', query: 'fieldSelector=spec.nodeName%3Dnode-a' }],
  ])('%s', (golden, question) => {
    expect(JSON.stringify(error(question))).toBe(JSON.stringify(goldenJson(golden)));
  });

  test('what it serves', () => {
    for (const version of ['v1', 'v1beta1'] as const) {
      const { group, resources } = metricsApi({ ...recordedCluster(), version });
      expect({ groupVersion: `${group}/${version}`, resources })
        .toEqual({ groupVersion: `metrics.k8s.io/${version}`, resources: goldenJson('discovery-resources.json').resources });
    }
  });
});

test('v1 answers as v1beta1 does', () => {
  expect(body(ask({ resource: 'pods' }, { version: 'v1' }))).toBe(body(ask({ resource: 'pods' })));
});

describe('lists', () => {
  test('hold one namespace, or all', () => {
    expect(names({ resource: 'pods', namespace: 'default' })).toEqual(['default/two-c', 'default/web-1']);
    expect(names({ resource: 'pods' })).toEqual(['default/two-c', 'default/web-1', 'kube-system/coredns-1']);
  });

  test('are empty where there is nothing', () => {
    expect(body(ask({ resource: 'pods', namespace: 'nowhere' }))).toBe(`{"kind":"PodMetricsList","apiVersion":"${apiVersion}","metadata":{},"items":[]}`);
  });

  test.each([
    ['app=web', ['default/web-1']],
    ['app', ['default/two-c', 'default/web-1']],
    ['!app', ['kube-system/coredns-1']],
    ['app in (web, api)', ['default/web-1']],
    ['', ['default/two-c', 'default/web-1', 'kube-system/coredns-1']],
  ])('narrowed by labelSelector %p', (labelSelector, expected) => {
    expect(names({ resource: 'pods', query: `${new URLSearchParams({ labelSelector })}` })).toEqual(expected);
  });

  test.each([
    ['metadata.name=web-1', ['default/web-1']],
    ['metadata.namespace!=default', ['kube-system/coredns-1']],
    ['metadata.namespace==default,metadata.name!=web-1', ['default/two-c']],
    ['', ['default/two-c', 'default/web-1', 'kube-system/coredns-1']],
  ])('narrowed by fieldSelector %p', (fieldSelector, expected) => {
    expect(names({ resource: 'pods', query: `${new URLSearchParams({ fieldSelector })}` })).toEqual(expected);
  });

  test('are given whole: whether they are answered in parts is the server\'s', () => {
    expect(names({ resource: 'nodes', query: 'limit=1&continue=abc&resourceVersion=7&unknown=1' })).toEqual(['node-a', 'node-b']);
  });

  test.each([
    ['spec.nodeName=node-a', ['default/web-1', 'kube-system/coredns-1']],
    ['spec.nodeName==node-b', ['default/two-c']],
    ['spec.nodeName!=node-a', ['default/two-c']],
    ['spec.nodeName=', []],
    ['spec.nodeName=node-a,metadata.namespace=default', ['default/web-1']],
    ['spec.nodeName=node-a,spec.nodeName=node-b', []],
  ])('beyond upstream, of the pods of a node: fieldSelector %p', (fieldSelector, expected) => {
    const query = `${new URLSearchParams({ fieldSelector })}`;
    expect(names({ resource: 'pods', query }, { selectsByNode: true })).toEqual(expected);
    expect(names({ resource: 'pods', namespace: 'default', query }, { selectsByNode: true })).toEqual(expected.filter(name => name.startsWith('default/')));
  });

  test('by other fields are refused in apimachinery\'s words', () => {
    const message = (resource: Question['resource'], fieldSelector: string) => error({ resource, query: `${new URLSearchParams({ fieldSelector })}` }, { selectsByNode: true }).message;
    expect(message('pods', 'status.phase=Running')).toBe('"status.phase" is not a known field selector: only "metadata.name", "metadata.namespace", "spec.nodeName"');
    expect(message('nodes', 'spec.nodeName=node-a')).toBe('"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"');
  });

  test('hold only nodes that the node selector matches; a node is still found by name', () => {
    const nodeSelector = { matches: (labels: Readonly<Record<string, string>>) => labels.zone === 'b' };
    expect(names({ resource: 'nodes' }, { nodeSelector })).toEqual(['node-b']);
    expect(names({ resource: 'nodes', name: 'node-a' }, { nodeSelector })).toEqual(['node-a']);
    expect(names({ resource: 'pods' }, { nodeSelector })).toHaveLength(3);
  });
});

test('a container name is data, whatever a kubelet says', () => {
  const usage = usageOf({}, {
    'default/web-1': { timestampMs: 0, windowNanoseconds: 0, containers: [{ name: '"</script>\n', cpuNanocores: 0, memoryBytes: 0 }] },
  });
  const text = body(ask({ resource: 'pods', namespace: 'default', name: 'web-1' }, { usage }));
  expect(JSON.parse(text).containers[0].name).toBe('"</script>\n');
  expect(text).toContain('\\u003c/script\\u003e');
});

test('selectors play no part in reading one object', () => {
  expect(names({ resource: 'nodes', name: 'node-a', query: 'labelSelector=zone%3Db&fieldSelector=bad' })).toEqual(['node-a']);
});

test('the age of each sample returned is told, and of no other', () => {
  const ages: number[] = [];
  const freshness = (ageSeconds: number) => ages.push(ageSeconds);
  items(ask({ resource: 'pods', query: 'labelSelector=app' }, { freshness }));
  expect(ages).toEqual([6.75, 6.75]);
  items(ask({ resource: 'nodes', name: 'node-a' }, { freshness }));
  expect(ages).toHaveLength(3);
});

test('each request is told, found or not', () => {
  const onAsked = jest.fn();
  items(ask({ resource: 'pods' }, { onAsked }));
  expect(() => ask({ resource: 'nodes', name: 'unknown' }, { onAsked })).toThrow();
  expect(onAsked).toHaveBeenCalledTimes(2);
});

describe('a pod that is known in part', () => {
  const metrics = (containers: PodUsage['containers']) => {
    const usage = usageOf({}, { 'default/web-1': { timestampMs: 0, windowNanoseconds: 15e9, containers } });
    return items(ask({ resource: 'pods', namespace: 'default', name: 'web-1' }, { usage }))[0];
  };
  const app = { name: 'app', cpuNanocores: 1e9, memoryBytes: 1024 };

  test.each<[string, ContainerUsage, string, string[]]>([
    ['without a rate', { name: 'new', memoryBytes: 2048 }, '{"memory":"2Ki"}', ['<unknown>', '3Ki']],
    ['without memory', { name: 'new', cpuNanocores: 1 }, '{"cpu":"1n"}', ['1000000001n', '<unknown>']],
    ['without anything', { name: 'new' }, '{}', ['<unknown>', '<unknown>']],
    ['with swap', { name: 'new', cpuNanocores: 1, memoryBytes: 1024, swapBytes: 4096 }, '{"cpu":"1n","memory":"1Ki","swap":"4Ki"}', ['1000000001n', '2Ki']],
    ['with swap and without a rate', { name: 'new', memoryBytes: 1024, swapBytes: 0 }, '{"memory":"1Ki","swap":"0"}', ['<unknown>', '2Ki']],
    ['that uses nothing', { name: 'new', cpuNanocores: 0, memoryBytes: 0 }, '{"cpu":"0","memory":"0"}', ['1', '1Ki']],
  ])('lists a container %s with what is known, and has no sum of the rest', (_, container, json, sums) => {
    const item = metrics([app, container]);
    expect(item.membersJson()).toContain(`"containers":[{"name":"app","usage":{"cpu":"1","memory":"1Ki"}},{"name":"new","usage":${json}}]`);
    expect(item.cells().slice(1, 3)).toEqual(sums);
    expect(protobufUsage(item)).toEqual(JSON.parse(json));
  });
});

/** Usage of the last container. */
function protobufUsage(item: ApiItem): Record<string, string> {
  const writer = new ProtobufWriter();
  item.writeProtobuf(writer);
  const within = (message: Uint8Array, field: number) => (
    protobufFields(message).filter(([number]) => number === field).map(([, value]) => value as Buffer)
  );
  const container = within(writer.take(), 4).at(-1)!;
  return Object.fromEntries(within(container, 2).map(entry => [within(entry, 1)[0].toString(), within(within(entry, 2)[0], 1)[0].toString()]));
}
