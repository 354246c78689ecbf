import { PodServers } from './pod-servers';
import { ApiError } from '../../../../src/runtime/cluster/api-error';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { SampleSource } from '../../../../src/runtime/metric-sources/sample-source';
import { ManualClock } from '../../manual-clock';
import { askOnce, declaredSource, refusalOf } from '../declared-source';

describe('a scrape of pods', () => {
  let clock: ManualClock;
  let pods: PodServers;
  let source: SampleSource;

  beforeEach(async () => {
    clock = new ManualClock();
    pods = await PodServers.start(2);
  });
  afterEach(async () => {
    await pods.stop();
  });

  async function scrape(fields: string, others = ''): Promise<void> {
    source = await declaredSource(`pods: {namespace: shop, selector: app=web, port: ${pods.port}, ${fields}}${others}`, { client: pods.client, clock });
  }
  /** As the poll of what is served asks. */
  const round = () => source.samples(clock.now(), new AbortController().signal);
  const values = async () => {
    const samples = await round();
    return samples.map(({ labels: { pod }, value, windowSeconds }) => [pod, value, windowSeconds]);
  };
  const failure = () => round().then(() => 'it has values', ({ message }) => message);

  test('takes gauges as they are, of the running pods that the selector chooses', async () => {
    await scrape('series: queue');
    pods.pages.splice(0, 2, '# TYPE queue gauge\nqueue{kind="mail"} 3\n', '# TYPE queue gauge\nqueue{kind="mail"} 5\n');
    expect((await askOnce(source, 42)).samples).toEqual([
      { labels: { kind: 'mail', namespace: 'shop', pod: 'web-0' }, value: 3, timestampMs: 42 },
      { labels: { kind: 'mail', namespace: 'shop', pod: 'web-1' }, value: 5, timestampMs: 42 },
    ]);
    expect(pods.listings[0]).toMatchObject({
      path: '/api/v1/namespaces/shop/pods', query: { labelSelector: 'app=web', fieldSelector: 'status.phase=Running', limit: '1000' },
    });
    expect(pods.requests.map(({ url }) => url)).toEqual(['/metrics', '/metrics']);
    expect(pods.requests[0].headers.accept).toContain('text/plain;version=0.0.4');
  });

  test('moves no rate for who only looks', async () => {
    await scrape('series: http_requests_total');
    const serve = (count: number) => pods.pages.splice(0, 2, ...Array(2).fill(`# TYPE http_requests_total counter\nhttp_requests_total ${count}\n`));
    serve(100);
    await failure();
    clock.advance(5_000);
    // Read before a page that the next round has read already.
    serve(90);
    expect((await askOnce(source, clock.now())).exchanges).toHaveLength(2);
    clock.advance(10_000);
    serve(130);

    expect(await values()).toEqual([['web-0', 2, 15], ['web-1', 2, 15]]);
  });

  test('makes rates of counters that the same source of another configuration has seen', async () => {
    await scrape('series: http_requests_total');
    const serve = (count: number) => pods.pages.splice(0, 2, ...Array(2).fill(`# TYPE http_requests_total counter\nhttp_requests_total ${count}\n`));
    serve(100);
    await failure();
    const before = source;
    clock.advance(15_000);
    await scrape('series: http_requests_total');
    source.continueFrom!(before);
    serve(130);
    expect(await values()).toEqual([['web-0', 2, 15], ['web-1', 2, 15]]);
  });

  test('makes rates of counters, over the time between the samples that were seen', async () => {
    await scrape('series: \'http_requests_total{code="200"}\'');
    const serve = (first: number, second: number) => pods.pages.splice(0, 2, ...[first, second].map((count) => (
      `# TYPE http_requests_total counter\nhttp_requests_total{code="200"} ${count}\nhttp_requests_total{code="500"} 9\n`
    )));
    serve(100, 1000);
    expect(await failure()).toMatch(/^source pods\/a: a rate takes two samples of a counter; the second comes in 15 s; GET http:\/\/pod:\d+\/metrics$/);
    clock.advance(15_000);
    serve(130, 1150);
    expect(await values()).toEqual([['web-0', 2, 15], ['web-1', 10, 15]]);
    clock.advance(30_000);
    serve(130, 150);
    // The second pod's process restarted: it counts from zero.
    expect(await values()).toEqual([['web-0', 30 / 45, 45], ['web-1', 300 / 45, 45]]);
  });

  test('looks no further back than the window', async () => {
    await scrape('series: jobs, type: counter', ', window: 30s');
    for (const count of [0, 600, 600, 600]) {
      pods.pages.splice(0, 2, `jobs ${count}\n`, `jobs ${count}\n`);
      await round().catch(() => {});
      clock.advance(15_000);
    }
    expect(await values()).toEqual([['web-0', 0, 30], ['web-1', 0, 30]]);
  });

  test('takes values of JSON by their path', async () => {
    await scrape("path: '/status?full=1', json: {value: '{.depth}', items: '{.queues[*]}', labels: {queue: '{.name}', pod: '{.name}'}}");
    pods.pages.splice(0, 2, '{"queues":[{"name":"mail","depth":3}]}', '{"queues":[]}');
    expect((await askOnce(source)).samples).toEqual([{ labels: { queue: 'mail', namespace: 'shop', pod: 'web-0' }, value: 3, timestampMs: 0 }]);
    expect(pods.requests[0].url).toBe('/status?full=1');
  });

  test('leaves out a pod that does not answer, and says why when none does', async () => {
    await scrape('series: queue');
    pods.pages.splice(0, 2, { code: 500 }, 'users{name="anna"} 1\nqueue 5\n');
    const { samples, exchanges } = await askOnce(source);
    expect(samples.map(({ labels }) => labels.pod)).toEqual(['web-1']);
    expect(exchanges).toEqual(expect.arrayContaining([
      { source: 'pod shop/web-0', asked: `GET http://127.0.0.1:${pods.port}/metrics`, answer: expect.stringContaining('HTTP 500: Internal Server Error') },
      { source: 'pod shop/web-1', asked: `GET http://127.0.0.2:${pods.port}/metrics`, answer: '[{"labels":{},"value":5}]' },
    ]));
    pods.pages.splice(1, 1, 'queue five\n');
    expect(await failure()).toMatch(/^source pods\/a: (HTTP 500: )?none of 2 pods answers: /);
  });

  test.each([
    ['series: jobs', `jobs{a="${'b'.repeat(4000)}"} 1\n`.repeat(120), '8388608 characters of series'],
    ["json: {items: '{[*]}', value: '{.}'}", JSON.stringify(Array(4000).fill(1)), '50000 samples'],
    ["json: {items: '{[*]}', value: '{.v}', labels: {l: '{.l}'}}", JSON.stringify(Array(120).fill({ v: 1, l: 'l'.repeat(4000) })), '8388608 characters of series'],
  ])('takes no more of all pods together than it has room for: %s', async (fields, page, limit) => {
    await scrape(fields);
    pods.pages.splice(0, 2, page, page);
    pods.items = Array.from({ length: 300 }, (_, i) => pods.items[i % 2]);
    expect(await failure()).toMatch(new RegExp(`^source pods/a: all pods together have more than ${limit}; choose fewer pods, or have them say less; GET http://pod:`));
    expect(pods.requests.length).toBeLessThan(100);
  });

  test.each([
    ["json: {value: '{.v}'}", '['.repeat(65), 'it has more than 64 levels'],
    ["json: {value: '{.v}'}", `[${Array(100_000).fill('{}')}]`, 'it has more than 100000 objects'],
    ["json: {items: '{[*]}', value: '{[*]}'}", JSON.stringify(Array(6).fill(Array(9000).fill(1))), 'it has more than 50000 items or values; choose fewer by their path'],
    ["json: {value: '{.v}', labels: {l: '{.l}'}}", JSON.stringify({ v: 1, l: 'l'.repeat(4097) }), 'it has a text of more than 4096 characters at {.l}'],
    ['series: jobs', ' '.repeat(4 * 1024 * 1024 + 1), 'the answer has more than 4194304 bytes'],
  ])('takes no more of one page: %s', async (fields, page, message) => {
    await scrape(fields);
    pods.pages.splice(0, 2, page, page);
    expect(await failure()).toContain(`none of 2 pods answers: ${message}`);
  });

  test('waits for no pod longer than until the next round', async () => {
    await scrape('series: queue, timeout: 1m');
    pods.pages.splice(0, 2, 'silence', 'queue 5\n');
    const asked = values();
    while (pods.requests.length < 2) await new Promise(setImmediate);
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    clock.advance(15_000);
    expect(await asked).toEqual([['web-1', 5, undefined]]);
  });

  test('is given up with who asked for it', async () => {
    await scrape('series: queue');
    pods.pages.splice(0, 2, 'silence', 'silence');
    const controller = new AbortController();
    const asked = source.samples(0, controller.signal);
    while (pods.requests.length < 2) await new Promise(setImmediate);
    controller.abort(new Error('nobody waits'));
    await expect(asked).rejects.toThrow('nobody waits');
  });

  test('has no pods that end, or have no address yet', async () => {
    await scrape('series: queue');
    pods.items = [
      { metadata: { namespace: 'shop', name: 'a', uid: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' }, status: { podIP: '127.0.0.1' } },
      { metadata: { namespace: 'shop', name: 'b', uid: 'b' }, status: {} },
    ];
    expect(await values()).toEqual([]);
    expect(pods.requests).toEqual([]);
  });

  test('says which right is missing', async () => {
    source = await declaredSource('pods: {selector: app=web, port: 80, series: queue}', {
      client: { request: async () => { throw new ApiError({ message: 'pods is forbidden: User "x" cannot list resource "pods"' }, 403); } },
    });
    expect(await failure()).toBe('source kubernetes: HTTP 403: pods is forbidden: User "x" cannot list resource "pods"; GET /api/v1/pods');
  });

  test('takes no more pods than it can ask', async () => {
    await scrape('series: queue');
    pods.items = Array.from({ length: 1001 }, () => pods.items[0]);
    expect(await failure()).toContain('there are more than 1000; choose fewer by selector or namespace');
    expect(pods.requests).toEqual([]);
  });
});

test('its values are of pods', async () => {
  const { metrics: [metric] } = await readConfiguration('c', 'metrics: [{name: a, pods: {selector: app=web, port: 80, series: up}}]');
  expect(metric).toMatchObject({ object: { groupResource: { group: '', resource: 'pods' }, nameLabel: 'pod' }, namespaceLabel: 'namespace' });
});

test.each([
  ['pods: {port: 80, series: up}', '.pods.selector is missing; say which pods by their labels, such as app=web'],
  ['pods: {selector: "app in", port: 80, series: up}', '.pods.selector is "app in", which is no label selector: '],
  ['pods: {selector: a, series: up}', '.pods.port is missing; give the port that the pods listen on'],
  ['pods: {selector: a, port: 70000, series: up}', '.pods.port is 70000; give a number from 1 to 65535'],
  ['pods: {selector: a, port: 80}', '.pods.series or json must be given, and only one of them: what of the page is read'],
  ['pods: {selector: a, port: 80, series: "up{code"}', '.pods.series is "up{code", a selector that cannot be used, at character 8: there is the end, where a selector has =, !=, =~ or !~'],
  ['pods: {selector: a, port: 80, series: up, scheme: ftp}', '.pods.scheme is "ftp"; give http or https'],
  ['pods: {selector: a, port: 80, series: up, namespace: Shop}', '.pods.namespace is "Shop"; give the name of a namespace, or none for all of them'],
  ["pods: {selector: a, port: 80, type: counter, json: {value: '{.a}'}}", '.pods.type is not for json, whose numbers are taken as they are'],
  ['pods: {selector: a, port: 80, series: up, bearerTokenFile: /t}', '.pods.bearerTokenFile would go to whoever has a pod with these labels; give scheme: https'],
  ['pods: {selector: a, port: 80, series: up, scheme: https, basicAuth: {username: a, passwordFile: /p}, tls: {insecureSkipVerify: true}}',
    '.pods.basicAuth would go to whoever has a pod with these labels'],
  ['pods: {selector: a, port: 80, series: up}, object: {resource: pods, nameLabel: pod}', '.object cannot be given: where the metric comes from says of what it is'],
  ['pods: {selector: a, port: 80, series: up}, source: main', '.source is not for pods, but for query and http'],
])('%s is refused', async (fields, message) => {
  expect(await refusalOf(fields)).toContain(`config.yaml:3: metrics[0]${message}`);
});
