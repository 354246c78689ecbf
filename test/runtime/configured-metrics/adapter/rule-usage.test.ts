import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { metricsApi } from '../../../../src/runtime/api/metrics/metrics-api';
import { Lister } from '../../../../src/runtime/cluster/lister';
import { ObjectMetadata } from '../../../../src/runtime/cluster/object-metadata';
import { RuleQueries } from '../../../../src/runtime/configured-metrics/adapter/rule-queries';
import { QueriedResources, RuleUsage } from '../../../../src/runtime/configured-metrics/adapter/rule-usage';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { SourceError } from '../../../../src/runtime/prometheus/source-error';
import { Sources } from '../../../../src/runtime/prometheus/sources';
import { ApiResult, GroupVersion } from '../../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../../src/runtime/server/list-options';
import { FakeClusterObjects } from '../../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../../manual-clock';
import { FakePrometheus, vector } from '../../prometheus/fake-prometheus';

const rule = (metric: string) => `
    containerQuery: sum by (<<.GroupBy>>) (${metric}{<<.LabelMatchers>>,container!=""})
    nodeQuery: sum by (<<.GroupBy>>) (node_${metric}{<<.LabelMatchers>>})
    resources: {overrides: {node: {resource: node}, namespace: {resource: namespace}, pod: {resource: pod}}}
    containerLabel: container`;
const CONFIGURATION = `sources: [{name: main, url: "http://main"}]\nresourceRules:\n  window: 5m\n  cpu:${rule('cpu')}\n  memory:${rule('memory')}`;

class Objects implements Lister {
  readonly synced = true;
  all: readonly ObjectMetadata[];

  constructor(...names: readonly string[]) {
    this.all = names.map((text) => {
      const [name, namespace = ''] = text.split('/').reverse();
      return { namespace, name, labels: { values: {}, json: undefined } } as unknown as ObjectMetadata;
    });
  }

  get size(): number {
    return this.all.length;
  }

  get(namespace: string, name: string): ObjectMetadata | undefined {
    return this.list(namespace).find((object) => object.name === name);
  }

  list(namespace?: string): readonly ObjectMetadata[] {
    return this.all.filter((object) => namespace === undefined || object.namespace === namespace);
  }
}

describe('usage from Prometheus', () => {
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:30Z'));
  let prometheus: FakePrometheus;
  let resources: QueriedResources | undefined;
  let pods: Objects;
  let usage: RuleUsage;
  let api: GroupVersion;

  beforeEach(async () => {
    prometheus = new FakePrometheus();
    pods = new Objects('other/job', 'shop/web-0', 'shop/web-1');
    const registries = { nodes: new Objects('n1', 'n2') as unknown as Lister<any>, pods: pods as unknown as Lister<any> };
    resources = { rules: (await readConfiguration('config.yaml', CONFIGURATION)).resourceRules!, queries: new RuleQueries(new Sources([prometheus]), clock) };
    usage = new RuleUsage({ resources: () => resources, objects: new FakeClusterObjects(), ...registries, clock });
    api = usage.serving(metricsApi({ version: 'v1beta1', ...registries, usage, clock }));
  });

  async function ask(resource: string, namespace = '', name = ''): Promise<readonly unknown[]> {
    const verb = name === '' ? 'list' : 'get';
    const info = { path: '/', isResourceRequest: true, verb, apiGroup: api.group, apiVersion: 'v1beta1', namespace, resource, subresource: '', name, parts: [] };
    const query = new URLSearchParams();
    const user = { name: 'jane', groups: [] };
    const result: ApiResult = await api.handle({ info, query, options: parseListOptions(query), user, signal: new AbortController().signal });
    return ('item' in result ? [result.item] : [...result.items]).map((item) => ({ name: item.name, ...JSON.parse(`{${item.membersJson()}}`) }));
  }

  test('is that of nodes with CPU and memory', async () => {
    const timestampMs = Date.parse('2026-01-01T00:00:20Z');
    prometheus.answerTo = (query) => vector(query.includes('node_cpu')
      ? [[{ node: 'n1' }, 0.25], [{ node: 'n2' }, 1]]
      : [[{ node: 'n1' }, 1024]], timestampMs);
    expect(await ask('nodes')).toEqual([{ name: 'n1', timestamp: '2026-01-01T00:00:20Z', window: '5m0s', usage: { cpu: '250m', memory: '1Ki' } }]);
    expect(prometheus.queries).toEqual(['cpu', 'memory'].map((metric) => `sum by (node) (node_${metric}{node=~"n1|n2"})`));
  });

  test('is that of pods by container, where one without the other has none of it, and nothing is negative', async () => {
    prometheus.answerTo = (query) => vector(query.includes('(cpu')
      ? [[{ pod: 'web-0', container: 'b' }, 0.5], [{ pod: 'web-0', container: 'a' }, -1], [{ pod: 'web-1', container: 'a' }, 1]]
      : [[{ pod: 'web-0', container: 'b' }, 2048], [{ pod: 'web-0', container: 'c' }, 1024]]);
    expect(await ask('pods', 'shop')).toMatchObject([{
      name: 'web-0',
      containers: [
        { name: 'a', usage: { cpu: '0', memory: '0' } }, { name: 'b', usage: { cpu: '500m', memory: '2Ki' } }, { name: 'c', usage: { cpu: '0', memory: '1Ki' } },
      ],
    }]);
    expect(prometheus.queries[0]).toBe('sum by (pod,container) (cpu{namespace="shop",pod=~"web-0|web-1",container!=""})');
  });

  test('of one pod is asked for with its namespace, of all pods by namespace', async () => {
    prometheus.answerTo = () => vector([[{ pod: 'web-1', container: 'a' }, 1], [{ pod: 'job', container: 'a' }, 1]]);
    expect(await ask('pods', 'shop', 'web-1')).toMatchObject([{ name: 'web-1' }]);
    expect(prometheus.queries.length).toBe(2);
    expect(await ask('pods')).toMatchObject([{ name: 'job' }, { name: 'web-1' }]);
    expect(prometheus.queries.length).toBe(4);
    clock.advance(5_000);
    await ask('pods');
    expect(prometheus.queries.length).toBe(8);
  });

  describe('of all pods in many namespaces', () => {
    const info = { path: '/', isResourceRequest: true, verb: 'list', apiGroup: '', apiVersion: 'v1beta1', namespace: '', resource: 'pods', subresource: '', name: '', parts: [] };
    const query = new URLSearchParams();
    const list = (signal: AbortSignal) => api.handle({ info, query, options: parseListOptions(query), user: { name: 'jane', groups: [] }, signal });
    const settled = () => new Promise(setImmediate);
    let answers: (() => void)[];
    let signals: AbortSignal[];

    beforeEach(() => {
      pods.all = Array.from({ length: 50 }, (_, index) => ({ namespace: `team-${index}`, name: 'web-0' }) as unknown as ObjectMetadata);
      [answers, signals] = [[], []];
      prometheus.answerTo = (_query, _timeMs, signal) => new Promise((resolve, reject) => {
        signals.push(signal);
        answers.push(() => resolve(vector([])));
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });

    test('is asked for by ten queries at a time', async () => {
      const { signal } = new AbortController();
      const listed = list(signal);
      for (let asked = 10; asked <= 100; asked += 10) {
        await settled();
        expect(signals).toHaveLength(asked);
        // Node.js warns of more.
        expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(10);
        answers.splice(0).forEach((answer) => answer());
      }
      await listed;
    });

    test('is asked for by those who wait, and no more when the last has gone', async () => {
      const [first, second] = [new AbortController(), new AbortController()];
      const lists = [first, second].map(({ signal }) => expect(list(signal)).rejects.toThrow('gone'));
      await settled();
      first.abort(new Error('gone'));
      await settled();
      expect(signals.map(({ aborted }) => aborted)).toEqual(Array.from({ length: 10 }, () => false));
      second.abort(new Error('gone'));
      await Promise.all(lists);
      await settled();
      expect(signals.map(({ aborted }) => aborted)).toEqual(Array.from({ length: 10 }, () => true));
    });

    test('is asked for no further when one of them fails', async () => {
      prometheus.answerTo = (asked) => { throw new SourceError('main', 'transport', 'connection refused', `query: ${asked}`); };
      await expect(list(new AbortController().signal)).rejects.toMatchObject({ code: 503 });
      await settled();
      expect(prometheus.queries.length).toBeLessThanOrEqual(20);
    });
  });

  test('is good for a while from when it came, however long that took', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => { answer = resolve; });
    prometheus.answerTo = async () => {
      await answered;
      return vector([[{ node: 'n1' }, 1]]);
    };
    const first = ask('nodes');
    clock.advance(8_000);
    answer();
    await first;
    clock.advance(4_999);
    await ask('nodes');
    expect(prometheus.queries).toHaveLength(2);
    clock.advance(1);
    await ask('nodes');
    expect(prometheus.queries).toHaveLength(4);
  });

  test('is forgotten with the last pod of a namespace, and is none of namespaces that anybody makes up', async () => {
    prometheus.answerTo = () => vector([[{ pod: 'web-0', container: 'a' }, 1]]);
    await ask('pods', 'shop');
    expect(usage.pod('shop', 'web-0')).toBeDefined();
    pods.all = pods.all.filter(({ namespace }) => namespace !== 'shop');
    for (let i = 0; i < 3; i++) {
      clock.advance(5_000);
      await ask('pods', `guess-${i}`);
    }
    expect(usage.pod('shop', 'web-0')).toBeUndefined();
    expect(inspect(usage)).not.toContain('guess-1');
  });

  test('is told why it is not there', async () => {
    prometheus.answerTo = (query) => { throw new SourceError('main', 'transport', 'connection refused', `query: ${query}`); };
    await expect(ask('nodes')).rejects.toMatchObject({ code: 503, message: expect.stringMatching(/^source main: connection refused; query: sum by \(node\)/) });
    prometheus.answerTo = () => vector([]);
    expect(await ask('nodes')).toEqual([]);
    resources = undefined;
    await expect(ask('pods')).rejects.toMatchObject({ code: 503, message: 'the configuration has no resourceRules, and usage comes from nowhere else' });
  });
});
