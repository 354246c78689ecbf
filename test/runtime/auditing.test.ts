import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { until } from './cluster/fake-api-server';
import { RecordingLogger } from './cluster/fixtures';
import { TempDir } from './cluster/temp-dir';
import { ManualClock } from './manual-clock';
import { Answer, askHttp1, askHttp2, Question } from './server/client';
import { fakeMetricsApi, RecordedItem } from './server/fake-metrics-api';
import { createTestPki, TestPki, TestServer } from './server/test-server';
import { Auditing } from '../../src/runtime/auditing';
import { systemClock } from '../../src/runtime/clock';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { ApiServerOptions } from '../../src/runtime/server/api-server';
import { AuditTrail } from '../../src/runtime/server/audit/auditor';
import { AuditEvent } from '../../src/runtime/server/audit/event';
import { MetricRegistry } from '../../src/runtime/telemetry/metric-registry';

const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';
const TIME = '2026-01-01T00:00:00.000000Z';

let pki: TestPki;
let dir: TempDir;
let clock: ManualClock;
let logger: RecordingLogger;
let registry: MetricRegistry;
let stdout: PassThrough;
let auditing: Auditing;
let server: TestServer | undefined;
/** So far, of the server. */
let asks: number;
let ended: jest.SpiedFunction<AuditTrail['ended']>;

beforeAll(async () => { pki = await createTestPki(); });

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  logger = new RecordingLogger();
  registry = new MetricRegistry();
  stdout = new PassThrough();
  asks = 0;
  ended = jest.spyOn(AuditTrail.prototype, 'ended');
});

afterEach(async () => {
  await server?.stop();
  await auditing.stop();
  ended.mockRestore();
  server = undefined;
  dir.remove();
});

async function start(flags: readonly string[], overrides: Partial<ApiServerOptions> = {}): Promise<void> {
  const { audit } = optionsFrom(parseFlags(flags));
  auditing = new Auditing({ audit, registry, userAgent: 'test', stdout, clock, random: () => 0, logger });
  await auditing.start();
  server = await TestServer.start(pki, { auditor: auditing.auditor, clock: { ...systemClock, now: () => clock.now() }, ...overrides });
}

/** A file with a policy. */
function policy(rules: string, others = ''): string {
  return `--audit-policy-file=${dir.write('policy.yaml', `apiVersion: audit.k8s.io/v1\nkind: Policy\n${others}\nrules: ${rules}\n`)}`;
}

const logPath = () => `${dir.path}/log/audit.log`;
const toFile = () => `--audit-log-path=${logPath()}`;
const lines = () => readFileSync(logPath(), 'utf8').split('\n').filter(Boolean);
const events = () => lines().map((line) => JSON.parse(line) as AuditEvent);
const stages = () => events().map(({ stage }) => stage);
const get = (path = nodes, ask = askHttp1) => asked(path, { identity: pki.alice, headers: { 'user-agent': 'kubectl' } }, ask);

function answeredRequests(): number {
  return [...server!.registry.render().matchAll(/^apiserver_request_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The answer, once all that the request leaves behind is written, which begins when it is counted: its client has it before. */
async function asked(path: string, question: Question, ask = askHttp1): Promise<Answer> {
  const answer = await server!.ask(path, question, ask);
  asks++;
  await until(() => answeredRequests() === asks);
  await Promise.all(ended.mock.results.map(({ value }) => value));
  return answer;
}

/** An API of nodes of one name. */
const metricsApi = (nodesInAll = 1) => [fakeMetricsApi('v1beta1', {
  handle: () => ({
    kind: 'NodeMetricsList', items: Array<RecordedItem>(nodesInAll).fill(new RecordedItem({ metadata: { name: 'node-a'.padEnd(900, 'a') } }, ['node-a'])).values(), columns: [],
  }),
})];

describe('--audit-log-path and --audit-policy-file', () => {
  test.each([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('a request over %s is recorded when it arrives and when it is answered', async (_protocol, ask) => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    const answer = await get(`${nodes}?limit=5`, ask);
    await auditing.stop();
    const common = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      auditID: answer.headers['audit-id'],
      requestURI: `${nodes}?limit=5`,
      verb: 'list',
      user: {
        username: 'alice',
        groups: ['devs', 'a,b', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=/)] },
      },
      sourceIPs: ['127.0.0.1'],
      userAgent: 'kubectl',
      objectRef: { resource: 'nodes', apiGroup: 'metrics.k8s.io', apiVersion: 'v1beta1' },
      requestReceivedTimestamp: TIME,
      stageTimestamp: TIME,
    };
    expect(events()).toEqual([
      { ...common, stage: 'RequestReceived' },
      {
        ...common,
        stage: 'ResponseComplete',
        responseStatus: { metadata: {}, code: 200 },
        annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
      },
    ]);
    expect(Object.keys(events()[1]).join()).toBe('kind,apiVersion,level,auditID,stage,requestURI,verb,user,sourceIPs,userAgent,objectRef,responseStatus,'
      + 'requestReceivedTimestamp,stageTimestamp,annotations');
    expect(registry.render()).toContain('apiserver_audit_event_total 2');
  });

  test('a request that is refused, with its Status', async () => {
    await start([toFile(), policy('[{level: Metadata, omitStages: [RequestReceived]}]')]);
    server!.cluster.allows = () => false;
    await get();
    expect(events()).toMatchObject([{
      responseStatus: { metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403 },
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    }]);
  });

  test('who asks on behalf of whom', async () => {
    await start([toFile(), policy('[{level: Metadata, users: [alice]}]')]);
    await asked(nodes, { identity: pki.alice, headers: { 'impersonate-user': 'bob' } });
    expect(events()[0]).not.toHaveProperty('impersonatedUser');
    expect(events()[1]).toMatchObject({ user: { username: 'alice' }, impersonatedUser: { username: 'bob' }, stage: 'ResponseComplete' });
    expect(Object.keys(events()[1]).slice(5, 11)).toEqual(['requestURI', 'verb', 'user', 'impersonatedUser', 'authenticationMetadata', 'sourceIPs']);
    expect(events()[1].authenticationMetadata).toEqual({ impersonationConstraint: 'impersonate:user-info' });
  });

  test.each([[true, 'ResponseComplete'], [false, 'ResponseStarted']])('when it arrived, however long it took to ask whose token it has: authenticated %p', async (authenticated, lastStage) => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    server!.cluster.tokenStatus = () => {
      clock.advance(3_000);
      return { authenticated, user: { username: 'bob' } };
    };
    await asked(nodes, { headers: { authorization: 'Bearer slow' } });
    const later = TIME.replace('00.000000Z', '03.000000Z');
    const times = events().map(({ stage, requestReceivedTimestamp, stageTimestamp }) => [stage, requestReceivedTimestamp, stageTimestamp]);
    expect(times).toEqual([...authenticated ? [['RequestReceived', TIME, TIME]] : [], [lastStage, TIME, later]]);
  });

  test('credentials that fail', async () => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    await asked('/metrics', { headers: { authorization: 'Bearer wrong' } });
    expect(events()).toMatchObject([{
      stage: 'ResponseStarted', user: {}, responseStatus: { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
    }]);
  });

  test('credentials that fail, unless that stage is left out', async () => {
    await start([toFile(), policy('[{level: Metadata, omitStages: [ResponseStarted]}]')]);
    await asked('/metrics', { headers: { authorization: 'Bearer wrong' } });
    expect(lines()).toEqual([]);
  });

  test('a watch, also when its answer begins', async () => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    await get(`${nodes}?watch=1`);
    expect(stages()).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
  });

  test('a defect of the server, as panic', async () => {
    await start([toFile(), policy('[{level: Metadata}]')], { groupVersions: [fakeMetricsApi('v1beta1', { handle: () => { throw new TypeError('oops'); } })] });
    await get();
    expect(events()[1]).toMatchObject({ stage: 'Panic', responseStatus: { message: "APIServer panic'd: oops", reason: 'InternalError', code: 500 } });
    expect(stages()).toHaveLength(2);
  });

  test.each(['application/json', 'application/yaml', 'application/json;as=Table;v=v1;g=meta.k8s.io'])('at level RequestResponse, what is answered as %s', async (accept) => {
    await start([toFile(), policy('[{level: RequestResponse}]')], { groupVersions: metricsApi() });
    const answer = await asked(nodes, { identity: pki.alice, headers: { accept } });
    expect(answer.body).toContain('node-a');
    const { responseObject } = events()[1] as unknown as { responseObject: { kind: string; items?: unknown[]; rows?: unknown[] } };
    expect(responseObject.kind).toBe(accept.includes('Table') ? 'Table' : 'NodeMetricsList');
    expect(responseObject.items ?? responseObject.rows).toHaveLength(1);
  });

  test('at level RequestResponse, the Status of a failure; at level Request neither', async () => {
    await start([toFile(), policy('[{level: RequestResponse, verbs: [get]}, {level: Request}]')]);
    await get(`${nodes}/none/none`);
    expect(events()[1].responseObject).toMatchObject({ kind: 'Status', code: 404 });
    await get();
    expect(events()[3]).not.toHaveProperty('responseObject');
  });

  test.each(['application/json', 'application/vnd.kubernetes.protobuf'])('at level RequestResponse, the Status of a list in %s for which there was no room', async (accept) => {
    await start([toFile(), policy('[{level: RequestResponse}]')], { groupVersions: metricsApi(600), maxUnreadBytes: 0 });
    expect(await asked(nodes, { identity: pki.alice, headers: { accept } })).toMatchObject({ status: 429 });
    expect(events()[1]).toMatchObject({ responseStatus: { code: 429, status: 'Failure' }, responseObject: { kind: 'Status', code: 429 } });
  });

  test('who stands between: X-Forwarded-For, X-Real-Ip, the connection', async () => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    await asked('/livez', { headers: { 'x-forwarded-for': '10.0.0.1, nonsense, 10.0.0.2', 'x-real-ip': '10.0.0.3' } });
    expect(events()[0].sourceIPs).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3', '127.0.0.1']);
    expect(events()[0]).not.toHaveProperty('objectRef');
  });

  test('nothing of what the policy leaves out, by rule and by stage', async () => {
    await start([toFile(), policy('[{level: None, nonResourceURLs: ["/livez*"]}, {level: Metadata, omitStages: [ResponseComplete]}]', 'omitStages: [RequestReceived]')]);
    await asked('/livez', {});
    await get();
    expect(lines()).toEqual([]);
  });

  test.each([
    ['/apis', {}, 'APIGroupList'],
    ['/apis', { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }, 'APIGroupDiscoveryList'],
    ['/apis/metrics.k8s.io', { accept: 'application/yaml' }, 'APIGroup'],
    ['/apis/metrics.k8s.io/v1beta1', { accept: 'application/vnd.kubernetes.protobuf' }, 'APIResourceList'],
  ])('of discovery at %s, asked for as %j, what is answered', async (path, headers, kind) => {
    await start([toFile(), policy('[{level: RequestResponse}]', 'omitStages: [RequestReceived]')]);
    expect((await asked(path, { headers, identity: pki.alice })).status).toBe(200);
    expect(events()).toMatchObject([{ stage: 'ResponseComplete', responseObject: { kind } }]);
  });

  test('of a page that may take long, also when its answer begins', async () => {
    await start([toFile(), policy('[{level: Metadata}]')]);
    await asked('/debug/pprof/heap', { identity: pki.alice });
    expect(events().map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
  });

  test('requests are counted by the level that the policy gives them', async () => {
    await start([toFile(), policy('[{level: None, nonResourceURLs: ["/livez"]}, {level: Request, verbs: [list]}]')]);
    await asked('/livez', {});
    await get();
    await get();
    await asked('/metrics', { headers: { authorization: 'Bearer wrong' } });
    expect(registry.render().split('\n').filter((line) => line.startsWith('apiserver_audit_level_total'))).toEqual([
      'apiserver_audit_level_total{level="None"} 2', 'apiserver_audit_level_total{level="Request"} 2',
    ]);
  });

  test('a policy is read as kube-apiserver reads it: without unknown fields, which are warned of once, the last of equal keys, the first document', async () => {
    await start([toFile(), policy('[{level: None, level: Metadata, user: [bob]}]\n---\nkind: Pod')]);
    await get();
    expect(stages()).toEqual(['RequestReceived', 'ResponseComplete']);
    clock.advance(60_000);
    await get();
    expect(logger.lines).toEqual([expect.stringMatching(/^W The audit policy has unknown fields, which are ignored path=\S+ fields=rules\[0\]\.user$/)]);
  });

  test('a policy that changes counts after a while; a broken one does not', async () => {
    await start([toFile(), policy('[{level: None}]')]);
    await get();
    policy('[{level: Metadata}]');
    clock.advance(5_000);
    await get();
    policy('[{level: Metdata}]');
    clock.advance(5_000);
    await get();
    await get();
    expect(lines()).toHaveLength(6);
    expect(logger.lines).toEqual([expect.stringMatching(/^W Keeping the audit policy in use .*reason=rules\[0\]\.level is "Metdata"/)]);
  });

  test('a full disk keeps nobody from being answered, and is told once', async () => {
    await start(['--audit-log-path=/dev/full', policy('[{level: Metadata}]')]);
    expect((await get()).status).toBe(200);
    expect((await get()).status).toBe(200);
    expect(logger.lines).toEqual([expect.stringMatching(/^E Unable to keep audit events err=log: ENOSPC/)]);
    expect(registry.render()).toContain('apiserver_audit_error_total{plugin="log"} 4');
  });

  test('--audit-log-mode=blocking-strict: it does', async () => {
    await start(['--audit-log-path=/dev/full', '--audit-log-mode=blocking-strict', policy('[{level: Metadata}]')]);
    expect(await get()).toMatchObject({ status: 500, body: expect.stringContaining('failed to store audit event') as string });
    expect(registry.render()).toContain('apiserver_audit_requests_rejected_total 1');
  });

  test('a file that cannot be set aside is written on: nothing is lost, and so counted, and it is told once', async () => {
    mkdirSync(`${dir.path}/log/audit-2026-01-01T00-00-00.000.log/x`, { recursive: true });
    writeFileSync(logPath(), `${'x'.repeat(1024 * 1024)}\n`);
    await start([toFile(), '--audit-log-maxsize=1', policy('[{level: Metadata}]')]);
    await get();
    await get();
    expect(lines()).toHaveLength(5);
    expect(logger.lines).toEqual([expect.stringMatching(/^W Unable to set audit logs aside, or to tidy up; events are kept err=EISDIR/)]);
    expect(registry.render()).not.toMatch(/^apiserver_audit_error_total\{/m);
  });

  test('--audit-log-mode=blocking-strict: of requests that were let through nobody says that they were rejected', async () => {
    await start(['--audit-log-path=/dev/full', '--audit-log-mode=blocking-strict', policy('[{level: Metadata, omitStages: [RequestReceived]}]')]);
    expect((await get()).status).toBe(200);
    expect(registry.render()).not.toMatch(/^apiserver_audit_requests_rejected_total [^0]/m);
  });

  test('--audit-log-mode=batch: events are written in batches, after their time', async () => {
    await start([
      toFile(), '--audit-log-mode=batch', '--audit-log-batch-max-size=10', '--audit-log-batch-max-wait=1m', '--audit-log-batch-buffer-size=3', policy('[{level: Metadata}]'),
    ]);
    await get();
    await get();
    expect(lines()).toEqual([]);
    expect(logger.lines).toEqual([expect.stringContaining('the buffer of 3 audit events is full')]);
    clock.advance(60_000);
    await auditing.stop();
    expect(lines()).toHaveLength(3);
  });

  test('requests that are cut off when the server ends are recorded to their end', async () => {
    let underWay = 0;
    const groupVersions = [fakeMetricsApi('v1beta1', { handle: () => new Promise(() => { underWay++; }) })];
    await start([toFile(), '--audit-log-mode=batch', policy('[{level: Metadata}]')], { groupVersions });
    const answers = Array.from({ length: 5 }, () => server!.ask(nodes, { identity: pki.alice }, askHttp2).catch(() => {}));
    await until(() => underWay === answers.length);
    await server!.stop();
    await auditing.stop(server!.server.handled());
    await Promise.all(answers);
    expect(stages().sort()).toEqual([...Array<string>(5).fill('RequestReceived'), ...Array<string>(5).fill('ResponseComplete')].sort());
    expect(logger.lines).toEqual([]);
  });

  test('what hangs keeps the server from its end for four seconds', async () => {
    await start([toFile(), '--audit-log-mode=batch', policy('[{level: Metadata}]')]);
    let hasStopped = false;
    const stopped = auditing.stop(new Promise(() => {})).then(() => { hasStopped = true; });
    clock.advance(3_999);
    await new Promise(setImmediate);
    expect(hasStopped).toBe(false);
    clock.advance(1);
    await stopped;
  });

  test('--audit-log-batch-throttle-enable', async () => {
    await start([
      toFile(), '--audit-log-mode=batch', '--audit-log-batch-throttle-enable', '--audit-log-batch-throttle-qps=.5', '--audit-log-batch-throttle-burst=1',
      policy('[{level: Metadata}]'),
    ]);
    await get();
    clock.advance(1_999);
    await get();
    expect(lines()).toHaveLength(1);
    await auditing.stop();
    expect(lines()).toHaveLength(4);
  });

  test('--audit-log-truncate-enabled', async () => {
    await start([
      toFile(), '--audit-log-truncate-enabled', '--audit-log-truncate-max-event-size=1000', '--audit-log-truncate-max-batch-size=1000', policy('[{level: Metadata}]'),
    ]);
    await get(`${nodes}?x=${'x'.repeat(1000)}`);
    expect(lines()).toEqual([]);
    expect(logger.lines).toEqual([expect.stringContaining('too large')]);
  });

  test('--audit-log-format=legacy', async () => {
    await start([toFile(), '--audit-log-format=legacy', policy('[{level: Metadata}]')]);
    await get();
    expect(lines()[1]).toMatch(/^2026-01-01T00:00:00Z AUDIT: id="[\w-]+" stage="ResponseComplete" ip="127\.0\.0\.1" method="list" user="alice" .*response="200"$/);
  });

  test('- is standard output', async () => {
    await start(['--audit-log-path=-', '--audit-log-version=audit.k8s.io/v1', policy('[{level: Metadata}]')]);
    await get();
    expect(String(stdout.read())).toMatch(/^\{"kind":"Event".*\n\{"kind":"Event".*\n$/);
  });
});

describe('--audit-webhook-config-file', () => {
  let webhook: Server;
  let received: { kind: string; items: AuditEvent[] }[];
  let status: number;

  beforeEach(async () => {
    received = [];
    status = 200;
    webhook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        expect([request.method, request.url]).toEqual(['POST', '/audit']);
        received.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(status).end('ok');
      });
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => webhook.closeAllConnections() ?? webhook.close(resolve)));

  function toWebhook(): string {
    const { port } = webhook.address() as AddressInfo;
    return `--audit-webhook-config-file=${dir.write('webhook.kubeconfig', JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'w',
      'clusters': [{ name: 'w', cluster: { server: `http://127.0.0.1:${port}/audit` } }],
      'users': [],
      'contexts': [{ name: 'w', context: { cluster: 'w' } }],
    }))}`;
  }

  test('is sent what waits, at the latest at the end', async () => {
    await start([toWebhook(), policy('[{level: Metadata}]')]);
    await get();
    expect(received).toEqual([]);
    await auditing.stop();
    expect(received).toMatchObject([{ kind: 'EventList', items: [{ stage: 'RequestReceived' }, { stage: 'ResponseComplete' }] }]);
  });

  test('that does not take them does not hold up the end', async () => {
    status = 500;
    await start([toWebhook(), policy('[{level: Metadata}]')]);
    await get();
    await auditing.stop();
    expect(received).toHaveLength(1);
  });

  test('--audit-webhook-mode=blocking: before the answer, and more than once when it fails', async () => {
    await start([toWebhook(), '--audit-webhook-mode=blocking', '--audit-webhook-initial-backoff=0s', policy('[{level: Metadata, omitStages: [ResponseComplete]}]')]);
    await get();
    expect(received).toHaveLength(1);
    status = 500;
    const answered = get();
    const ticking = setInterval(() => clock.advance(0), 5);
    expect((await answered).status).toBe(200);
    clearInterval(ticking);
    expect(received).toHaveLength(6);
    expect(logger.lines).toEqual([expect.stringContaining('webhook: ')]);
  });

  test('--audit-webhook-batch-*: in batches, no more than may', async () => {
    await start([
      toWebhook(), '--audit-webhook-batch-max-size=2', '--audit-webhook-batch-max-wait=1m', '--audit-webhook-batch-throttle-qps=1',
      '--audit-webhook-batch-throttle-burst=1', '--audit-webhook-batch-buffer-size=4', policy('[{level: Metadata}]'),
    ]);
    for (let request = 0; request < 4; request++) await get();
    expect(logger.lines).toEqual([expect.stringContaining('the buffer of 4 audit events is full')]);
    await auditing.stop();
    expect(received.map(({ items }) => items.length)).toEqual([2, 2, 2]);
  });

  test('--audit-webhook-truncate-*: batches are split, and events lose what is too large', async () => {
    await start([
      toWebhook(), '--audit-webhook-truncate-enabled', '--audit-webhook-truncate-max-event-size=1000', '--audit-webhook-truncate-max-batch-size=1000',
      policy('[{level: RequestResponse}]'),
    ], { groupVersions: metricsApi() });
    await get();
    await auditing.stop();
    expect(received.map(({ items }) => items.length)).toEqual([1, 1]);
    expect(received[1].items[0]).toMatchObject({ annotations: { 'audit.k8s.io/truncated': 'true' } });
  });
});

describe('a user\'s mistake is one line', () => {
  test.each<[string, () => string[], RegExp]>([
    ['no policy', () => [toFile(), '--audit-policy-file=/none'], /^--audit-policy-file=\/none cannot be read \(ENOENT\); check the path and its permissions$/],
    ['no YAML', () => [toFile(), `--audit-policy-file=${dir.write('p', 'a: [')}`], /^--audit-policy-file=\S+: .+; correct it$/],
    ['nothing but a comment', () => [toFile(), `--audit-policy-file=${dir.write('p', '# none\n')}`], /^--audit-policy-file=\S+: is no object; correct it$/],
    ['no rules', () => [toFile(), policy('[]')], /^--audit-policy-file=\S+: has no rules; correct it$/],
    ['no directory', () => ['--audit-log-path=/dev/null/audit.log', policy('[{level: None}]')], /^--audit-log-path=\S+ cannot be written to \(E\w+\); check/],
  ])('%s', async (_what, flags, line) => {
    await expect(start(flags())).rejects.toThrow(line);
  });
});

test('without a policy nothing is recorded, which is told', async () => {
  await start([toFile()]);
  expect(auditing.auditor).toBeUndefined();
  expect(logger.lines).toEqual(['W Nothing is audited without --audit-policy-file']);
});
