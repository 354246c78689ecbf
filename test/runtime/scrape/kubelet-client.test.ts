import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { Answer, LoopbackKubelet, LoopbackKubeletOptions, PAGE, answerPage, ok } from './loopback-kubelet';
import { FEATURES } from '../../../src/_facts/rights';
import { systemClock } from '../../../src/runtime/clock';
import { Credentials } from '../../../src/runtime/cluster/cluster-config';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { ClockReading } from '../../../src/runtime/scrape/clock-reading';
import { KubeletClientOptions, PooledKubeletClient } from '../../../src/runtime/scrape/kubelet-client';
import { ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { Identity, createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';
import { ManualClock } from '../manual-clock';
import { rsaSigned } from '../rsa-signed';

let ca: Identity;
let otherCa: Identity;
let identity: Identity;
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  ca = await createCertificateAuthority('cluster');
  otherCa = await createCertificateAuthority('stranger');
  identity = await issueCertificate(ca, {
    commonName: 'system:node:node-1', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], usages: ['server'],
  });
});

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function kubeletOf(answer: Answer = answerPage, certificate = identity, options: LoopbackKubeletOptions = {}): Promise<LoopbackKubelet> {
  const kubelet = await LoopbackKubelet.start(certificate, answer, options);
  stops.push(() => kubelet.stop());
  return kubelet;
}

interface ClientChanges extends Partial<Omit<KubeletClientOptions, 'credentials'>> {
  readonly credentials?: () => Promise<Credentials>;
  readonly invalidate?: () => void;
}

function clientOf({ credentials = async () => ({ bearerToken: 'secret' }), invalidate = () => {}, ...changes }: ClientChanges = {}): PooledKubeletClient {
  const client = new PooledKubeletClient({
    clock: systemClock,
    address: { preferredTypes: ['InternalIP'], port: 10250, useNodeStatusPort: true },
    tls: { insecureSkipVerify: false, certificateAuthority: () => ca.certificate },
    source: 'resource',
    credentials: { credentials, invalidate },
    requestTimeoutMs: 5000,
    ...changes,
  });
  stops.push(() => client.close());
  return client;
}

/** The outcome, and the page when there was one. */
async function fetchPage(client: PooledKubeletClient, node: NodeRecord): Promise<{ outcome: ScrapeOutcome | undefined; page: string | undefined }> {
  let page: string | undefined;
  const outcome = await client.fetch(node, (body) => {
    page = body.toString();
    return undefined;
  });
  return { outcome, page };
}

async function failureOf(client: PooledKubeletClient, node: NodeRecord): Promise<string> {
  const { outcome, page } = await fetchPage(client, node);
  expect(page).toBeUndefined();
  return `${outcome?.failure?.reason}: ${outcome?.failure?.message}`;
}

describe('a request', () => {
  test('carries the token, asks for bytes as they are, and returns the page', async () => {
    const kubelet = await kubeletOf();
    const { outcome, page } = await fetchPage(clientOf(), kubelet.node());
    expect(page).toBe(PAGE);
    expect(outcome).toMatchObject({ node: 'node-1', address: `127.0.0.1:${kubelet.port}`, failure: undefined });
    expect(kubelet.requests[0].split('\r\n')).toEqual([
      'GET /metrics/resource HTTP/1.1', `Host: 127.0.0.1:${kubelet.port}`, 'User-Agent: cdk8s-metrics-server', 'Accept-Encoding: identity', 'Authorization: Bearer secret',
    ]);
  });

  test('asks for gzip, and returns the page that is in it', async () => {
    const kubelet = await kubeletOf((socket) => socket.write(ok(gzipSync(PAGE), 'Content-Encoding: gzip'), 'latin1'));
    const client = clientOf({ gzip: true });
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.requests[0].split('\r\n').filter((line) => /^accept/i.test(line))).toEqual(['Accept-Encoding: gzip']);
    kubelet.answer = answerPage;
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.connections).toBe(1);
  });

  test.each([['/metrics/custom?a#b%', '/metrics/custom%3Fa%23b%25'], ['no/slash', '/no/slash'], ['/a b\r\nX: y', '/a%20b%0D%0AX:%20y'], ['/\ud800é', '/%EF%BF%BD%C3%A9']])(
    'goes to the path of the node\'s annotation, %j', async (metricsPath, escaped) => {
      const kubelet = await kubeletOf();
      await fetchPage(clientOf(), { ...kubelet.node(), metricsPath });
      expect(kubelet.requests[0].split('\r\n')[0]).toBe(`GET ${escaped} HTTP/1.1`);
    });

  test('hands on what the answer says of the node\'s clock', async () => {
    const date = 'Sat, 21 Nov 2026 02:11:03 GMT';
    const kubelet = await kubeletOf((socket) => { socket.write(`HTTP/1.1 200 OK\r\nDate: ${date}\r\nContent-Length: 1\r\n\r\n#`); });
    const readings: (ClockReading | undefined)[] = [];
    const before = systemClock.monotonic();
    await clientOf().fetch(kubelet.node(), (_body, _startedMs, clock) => {
      readings.push(clock);
      return undefined;
    });
    const [{ leastAheadMs, mostAheadMs }] = readings as [ClockReading];
    expect(leastAheadMs).toBeGreaterThanOrEqual(Date.parse(date) - systemClock.monotonic());
    expect(mostAheadMs).toBeLessThanOrEqual(Date.parse(date) + 1000 - before);
    expect(mostAheadMs - leastAheadMs).toBeGreaterThan(1000);
  });

  test('over plain HTTP shows no credentials', async () => {
    const kubelet = await LoopbackKubelet.start(undefined, answerPage);
    stops.push(() => kubelet.stop());
    expect((await fetchPage(clientOf({ tls: undefined }), kubelet.node())).page).toBe(PAGE);
    expect(kubelet.requests[0]).not.toMatch(/authorization/i);
  });

  test('shows the client certificate', async () => {
    const clientCertificate = await issueCertificate(ca, { commonName: 'metrics', usages: ['client'] });
    const names: string[] = [];
    const kubelet = await kubeletOf((socket, request, n) => {
      names.push((socket as import('node:tls').TLSSocket).getPeerCertificate().subject.CN as string);
      answerPage(socket, request, n);
    }, identity, { clientCa: ca.certificate });
    await fetchPage(clientOf({ credentials: async () => ({ clientCertificate }) }), kubelet.node());
    expect(names).toEqual(['metrics']);
  });

  test.each([['name', { dnsNames: ['node-1'] }], ['another address', { ipAddresses: ['192.0.2.7'] }]])(
    'is sent when the certificate is for the node\'s %s', async (_, names) => {
      const kubelet = await kubeletOf(answerPage, await issueCertificate(ca, { commonName: 'x', ...names, usages: ['server'] }));
      const node = kubelet.node();
      expect((await fetchPage(clientOf(), { ...node, addresses: [...node.addresses, { type: 'ExternalIP', address: '192.0.2.7' }] })).page).toBe(PAGE);
    });

  test('is sent where certificates have RSA keys of 1024 bits, as Go sends it, whatever the version of OpenSSL', async () => {
    const { ca: short, leaf } = await rsaSigned('SHA-256', 1024);
    const kubelet = await kubeletOf(answerPage, leaf);
    const client = clientOf({
      tls: { insecureSkipVerify: false, certificateAuthority: () => short.certificate }, credentials: async () => ({ clientCertificate: leaf }),
    });
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
  });

  test('goes to a name as well, whose certificate is verified by it', async () => {
    const kubelet = await kubeletOf();
    expect((await fetchPage(clientOf(), kubelet.node('node-1', 'localhost'))).page).toBe(PAGE);
  });

  test('pays no heed to proxy variables', async () => {
    const before = { ...process.env };
    stops.push(() => { process.env = before; });
    Object.assign(process.env, { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '', NODE_USE_ENV_PROXY: '1' });
    const kubelet = await kubeletOf();
    expect((await fetchPage(clientOf(), kubelet.node())).page).toBe(PAGE);
  });
});

describe('connections', () => {
  test('one is kept for all requests to a node', async () => {
    const kubelet = await kubeletOf();
    const client = clientOf();
    for (let i = 0; i < 3; i++) expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.connections).toBe(1);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('one that the kubelet closed meanwhile is replaced unnoticed, its %s session resumed', async maxVersion => {
    const kubelet = await kubeletOf(answerPage, identity, { maxVersion });
    const client = clientOf();
    await fetchPage(client, kubelet.node());
    const [socket] = kubelet.sockets;
    kubelet.dropConnections();
    await once(socket, 'close');
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect([kubelet.connections, kubelet.resumed]).toEqual([2, 1]);
  });

  test('one that dies as the request is sent is replaced once', async () => {
    const kubelet = await kubeletOf((socket, request, n) => n === 2 ? socket.destroy() : answerPage(socket, request, n));
    const client = clientOf();
    await fetchPage(client, kubelet.node());
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.requests).toHaveLength(3);
  });

  test('a fresh one that dies is a failure, not a reason to try for ever', async () => {
    const kubelet = await kubeletOf(socket => socket.destroy());
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(/^protocol: /);
    expect(kubelet.requests).toHaveLength(1);
  });

  test('one with Connection: close is not used again', async () => {
    const kubelet = await kubeletOf(socket => socket.end(ok(PAGE, 'Connection: close')));
    const client = clientOf();
    for (let i = 0; i < 2; i++) expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.connections).toBe(2);
  });

  test('what comes unasked ends the connection and is never taken for an answer', async () => {
    const kubelet = await kubeletOf((socket, request, n) => {
      answerPage(socket, request, n);
      if (kubelet.requests.length === 1) setTimeout(() => socket.write(ok('evil')), 5);
    });
    const client = clientOf();
    await fetchPage(client, kubelet.node());
    await once([...kubelet.sockets][0], 'close');
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    expect(kubelet.connections).toBe(2);
  });

  test('a node that moves is asked at its new address', async () => {
    const [first, second] = [await kubeletOf(), await kubeletOf()];
    const client = clientOf();
    await fetchPage(client, first.node());
    const hungUp = once([...first.sockets][0], 'close');
    expect((await fetchPage(client, second.node())).outcome?.address).toBe(`127.0.0.1:${second.port}`);
    await hungUp;
  });

  test('a node that goes is hung up on', async () => {
    const kubelet = await kubeletOf();
    const client = clientOf();
    await fetchPage(client, kubelet.node());
    const [socket] = kubelet.sockets;
    client.retain(new Set());
    await once(socket, 'close');
  });

  test('a changed CA bundle is used from the next request on', async () => {
    const kubelet = await kubeletOf();
    let bundle = ca.certificate;
    const client = clientOf({ tls: { insecureSkipVerify: false, certificateAuthority: () => bundle } });
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
    bundle = otherCa.certificate;
    expect(await failureOf(client, kubelet.node())).toMatch(/^x509-unknown-authority: /);
    bundle = otherCa.certificate + ca.certificate;
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
  });

  test('closing cancels what is under way, without an outcome', async () => {
    const kubelet = await kubeletOf(() => {});
    const client = clientOf();
    const pending = fetchPage(client, kubelet.node());
    while (kubelet.requests.length === 0) await new Promise(setImmediate);
    client.close();
    expect((await pending).outcome).toBeUndefined();
    expect((await fetchPage(client, kubelet.node())).outcome).toBeUndefined();
  });
});

describe('a kubelet with several addresses', () => {
  const preferredTypes = ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalIP'];

  function clientOfAll(changes: ClientChanges = {}): PooledKubeletClient {
    return clientOf({ address: { preferredTypes, port: 10250, useNodeStatusPort: true }, ...changes });
  }

  function nodeAt(kubelet: LoopbackKubelet, ...addresses: readonly (readonly [type: string, address: string])[]): NodeRecord {
    return { ...kubelet.node(), addresses: addresses.map(([type, address]) => ({ type, address })) };
  }

  test.each([
    ['a name that nobody knows', 'node-1.invalid', 'dns'],
    ['an address where nobody listens', '127.0.0.2', 'refused'],
    ['an address of the other family where nobody listens', '::1', 'refused|unreachable'],
  ])('is asked at the next one after %s', async (_, first, reason) => {
    const kubelet = await kubeletOf();
    const { outcome, page } = await fetchPage(clientOfAll(), nodeAt(kubelet, ['InternalIP', '127.0.0.1'], ['Hostname', first]));
    expect(page).toBe(PAGE);
    expect(outcome).toMatchObject({ address: `127.0.0.1:${kubelet.port}`, failure: undefined, otherAttempts: [{ failure: { reason: expect.stringMatching(reason) } }] });
  });

  test.each([['127.0.0.1', '::1'], ['::1', '127.0.0.1']])('that listens at %s alone is asked there, not only at %s', async (host, other) => {
    const kubelet = await LoopbackKubelet.start(undefined, answerPage, { host });
    stops.push(() => kubelet.stop());
    const { outcome, page } = await fetchPage(clientOfAll({ tls: undefined }), nodeAt(kubelet, ['InternalIP', other], ['InternalIP', host]));
    expect(page).toBe(PAGE);
    expect(outcome?.otherAttempts).toHaveLength(1);
  });

  test('is asked at the next one after a stranger\'s certificate, which is never shown the token', async () => {
    const kubelet = await kubeletOf();
    const stranger = await LoopbackKubelet.start(await issueCertificate(otherCa, { commonName: 'x', ipAddresses: ['127.0.0.2'], usages: ['server'] }), answerPage, {
      host: '127.0.0.2', port: kubelet.port,
    });
    stops.push(() => stranger.stop());
    const { outcome, page } = await fetchPage(clientOfAll(), nodeAt(kubelet, ['InternalIP', '127.0.0.2'], ['ExternalIP', '127.0.0.1']));
    expect([page, outcome?.otherAttempts?.[0].failure?.reason, stranger.requests]).toEqual([PAGE, 'x509-unknown-authority', []]);
  });

  test('is asked at the next one while there is time when one is silent', async () => {
    const kubelet = await kubeletOf();
    const silent = await LoopbackKubelet.start(undefined, () => {}, { host: '127.0.0.2', port: kubelet.port });
    stops.push(() => silent.stop());
    const { outcome, page } = await fetchPage(clientOfAll({ requestTimeoutMs: 3000 }), nodeAt(kubelet, ['InternalIP', '127.0.0.2'], ['ExternalIP', '127.0.0.1']));
    expect(page).toBe(PAGE);
    expect(outcome?.otherAttempts).toMatchObject([{ failure: { reason: 'timeout', message: expect.stringMatching(/within 1[45]\d\d ms: TLS handshake/) } }]);
  });

  test('may take all the time there is once it has been reached', async () => {
    const kubelet = await kubeletOf((socket) => setTimeout(() => socket.write(ok(PAGE)), 1600));
    expect((await fetchPage(clientOfAll({ requestTimeoutMs: 3000 }), nodeAt(kubelet, ['InternalIP', '127.0.0.1'], ['ExternalIP', '127.0.0.2']))).page).toBe(PAGE);
  });

  test('is not asked elsewhere once it has answered, well or not', async () => {
    const kubelet = await kubeletOf((socket) => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    const { outcome } = await fetchPage(clientOfAll(), nodeAt(kubelet, ['InternalIP', '127.0.0.1'], ['ExternalIP', 'localhost']));
    expect([outcome?.failure?.reason, kubelet.requests.length, outcome?.otherAttempts]).toEqual(['forbidden', 1, undefined]);
    expect(outcome?.failure?.feature).toEqual(FEATURES.kubeletMetrics());
  });

  test('is asked first where it answered last, as long as it does', async () => {
    const kubelet = await kubeletOf();
    const node = nodeAt(kubelet, ['Hostname', 'node-1.invalid'], ['InternalIP', '127.0.0.1']);
    const client = clientOfAll();
    const attempts = async () => ((await fetchPage(client, node)).outcome?.otherAttempts ?? []).map(({ address }) => address);
    const [unknown, known] = ['node-1.invalid', '127.0.0.1'].map((host) => `${host}:${kubelet.port}`);
    expect([await attempts(), await attempts(), kubelet.connections]).toEqual([[unknown], [], 1]);
    await kubelet.stop();
    expect(await attempts()).toEqual([unknown]);
    expect((await fetchPage(client, node)).outcome).toMatchObject({ address: known, failure: { reason: 'refused' } });
  });

  test('fails for the reason that says most, and names the others', async () => {
    const kubelet = await kubeletOf(answerPage, await issueCertificate(ca, { commonName: 'x', dnsNames: ['other'], usages: ['server'] }));
    const message = await failureOf(clientOfAll(), nodeAt(kubelet, ['InternalIP', '127.0.0.1'], ['Hostname', 'node-1.invalid'], ['ExternalIP', '127.0.0.2']));
    expect(message).toMatch(new RegExp(`^x509-name-mismatch: .* 127\\.0\\.0\\.1, node-1, .*; no better at node-1\\.invalid:${kubelet.port} \\(dns\\), 127\\.0\\.0\\.2:${kubelet.port} \\(refused\\)$`));
  });

  test('closing cancels it wherever it is', async () => {
    const kubelet = await kubeletOf(() => {});
    const client = clientOfAll();
    const pending = fetchPage(client, nodeAt(kubelet, ['InternalIP', '127.0.0.2'], ['ExternalIP', '127.0.0.1']));
    while (kubelet.requests.length === 0) await new Promise(setImmediate);
    client.close();
    expect((await pending).outcome).toBeUndefined();
  });
});

describe('--kubelet-source', () => {
  const SUMMARY = JSON.stringify({ node: { cpu: { time: '2023-11-14T22:13:20Z', usageCoreNanoSeconds: 1 } } });

  /** Has these pages and no others. */
  function kubeletWith(pages: Readonly<Record<string, string>>, otherwise = '404 Not Found'): Promise<LoopbackKubelet> {
    return kubeletOf((socket, request) => {
      const page = pages[/^GET (\S+?)(?:\?\S*)? /.exec(request)![1]];
      if (page === undefined) socket.write(`HTTP/1.1 ${otherwise}\r\nContent-Length: 0\r\n\r\n`);
      else socket.write(ok(page));
    });
  }

  function targets({ requests }: LoopbackKubelet): string[] {
    return requests.map((request) => request.split(' ')[1]);
  }

  const BOTH = { '/metrics/resource': PAGE, '/stats/summary': SUMMARY };
  const [RESOURCE_TARGET, SUMMARY_TARGET] = ['/metrics/resource', '/stats/summary?only_cpu_and_memory=true'];

  test.each([['resource', RESOURCE_TARGET, PAGE], ['summary', SUMMARY_TARGET, SUMMARY], ['auto', RESOURCE_TARGET, PAGE]] as const)(
    '%s asks for %s', async (source, target, body) => {
      const kubelet = await kubeletWith(BOTH);
      const { page } = await fetchPage(clientOf({ source }), kubelet.node());
      expect([page, targets(kubelet)]).toEqual([body, [target]]);
    });

  test.each(['404 Not Found', '501 Not Implemented'])('auto asks for the summary after %s, on the same connection, and from then on at once', async (status) => {
    const kubelet = await kubeletWith({ '/stats/summary': SUMMARY }, status);
    const client = clientOf({ source: 'auto' });
    for (let i = 0; i < 2; i++) expect((await fetchPage(client, kubelet.node())).page).toBe(SUMMARY);
    expect([targets(kubelet), kubelet.connections]).toEqual([[RESOURCE_TARGET, SUMMARY_TARGET, SUMMARY_TARGET], 1]);
  });

  test('auto asks for nothing else after a failure that may pass', async () => {
    const kubelet = await kubeletWith({ '/stats/summary': SUMMARY }, '503 Service Unavailable');
    expect(await failureOf(clientOf({ source: 'auto' }), kubelet.node())).toBe('http-status: kubelet answered 503 Service Unavailable');
    expect(targets(kubelet)).toEqual([RESOURCE_TARGET]);
  });

  test('auto asks anew after another boot, and when the kubelet loses the page that it had', async () => {
    const pages: Record<string, string> = { '/stats/summary': SUMMARY };
    const kubelet = await kubeletWith(pages);
    const client = clientOf({ source: 'auto' });
    await fetchPage(client, kubelet.node());
    await fetchPage(client, { ...kubelet.node(), machine: 'upgraded' });
    expect(targets(kubelet).slice(2)).toEqual([RESOURCE_TARGET, SUMMARY_TARGET]);
    delete pages['/stats/summary'];
    pages['/metrics/resource'] = PAGE;
    for (let i = 0; i < 2; i++) expect((await fetchPage(client, { ...kubelet.node(), machine: 'upgraded' })).page).toBe(PAGE);
    expect(targets(kubelet).slice(4)).toEqual([SUMMARY_TARGET, RESOURCE_TARGET, RESOURCE_TARGET]);
  });

  test('a kubelet with neither page fails, and is asked for the resource page first again', async () => {
    const kubelet = await kubeletWith({});
    const client = clientOf({ source: 'auto' });
    for (let i = 0; i < 2; i++) expect(await failureOf(client, kubelet.node())).toMatch(/^http-status: kubelet answered 404 Not Found: it has no \/stats\/summary/);
    expect(targets(kubelet)).toEqual([RESOURCE_TARGET, SUMMARY_TARGET, RESOURCE_TARGET, SUMMARY_TARGET]);
  });

  test('a summary that may not be read names the right for it', async () => {
    const kubelet = await kubeletOf((socket) => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    expect(await failureOf(clientOf({ source: 'summary' }), kubelet.node())).toMatch(/"get" on "nodes\/stats"/);
    expect(await failureOf(clientOf({ source: 'summary' }), { ...kubelet.node(), metricsPath: '/other' })).toMatch(/"get" on "nodes\/proxy"/);
  });

  test.each(['404 Not Found', '501 Not Implemented'])('resource tells of the other page after %s, and the node\'s annotation wins over all', async (status) => {
    const kubelet = await kubeletWith({ '/other': PAGE }, status);
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(/it has no \/metrics\/resource; with --kubelet-source=auto, \/stats\/summary\S* is read then$/);
    expect((await fetchPage(clientOf({ source: 'auto' }), { ...kubelet.node(), metricsPath: '/other' })).page).toBe(PAGE);
  });

  test('the read-only port of old kubelets gives its summary over plain HTTP', async () => {
    const kubelet = await LoopbackKubelet.start(undefined, (socket) => socket.write(ok(SUMMARY)));
    stops.push(() => kubelet.stop());
    expect((await fetchPage(clientOf({ tls: undefined, source: 'summary' }), kubelet.node())).page).toBe(SUMMARY);
  });
});

describe('failures', () => {
  test.each<[string, Answer, RegExp]>([
    ['401', socket => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n\r\nUnauthorized'), /^unauthorized: kubelet answered 401 Unauthorized \(Unauthorized\): .*webhook authentication/],
    ['403', socket => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nno\nno'), /^forbidden: kubelet answered 403 Forbidden \(no\): .*"get" on "nodes\/metrics"/],
    ['500', socket => socket.write('HTTP/1.1 500 Internal\r\nContent-Length: 3\r\n\r\nb\x1b['), /^http-status: kubelet answered 500 Internal \(b \[\)$/],
    ['a redirect, not followed', socket => socket.write('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n'), /^http-status: kubelet answered 302 Found$/],
    ['gzip', socket => socket.write(ok(gzipSync(PAGE), 'Content-Encoding: gzip')), /^protocol: the body is compressed/],
    ['half a page', socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nnode_cpu'), /^protocol: connection closed early, 8 bytes of the body read$/],
    ['garbage', socket => socket.write('\x00\x01\x02garbage\n'), /^protocol: the answer is not HTTP\/1.1: /],
    ['a page announced with 100 MB', socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n'), /^too-large: the answer has 104857600 bytes, 16777216 bytes are accepted$/],
  ])('%s', async (_, answer, message) => {
    const kubelet = await kubeletOf(answer);
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(message);
    kubelet.answer = answerPage;
    expect((await fetchPage(clientOf(), kubelet.node())).page).toBe(PAGE);
  });

  test('a page of 100 MB that nobody announced', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const kubelet = await kubeletOf(socket => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let i = 0; i < 100; i++) socket.write(chunk);
    });
    expect(await failureOf(clientOf(), kubelet.node())).toBe('too-large: the answer has more, 16777216 bytes are accepted');
  });

  test.each<[string, Buffer, RegExp]>([
    ['a bomb of 64 MiB', gzipSync(Buffer.alloc(64 * 2 ** 20)), /^too-large: the answer has more when it is unpacked, 16777216 bytes are accepted$/],
    ['half a page', gzipSync(PAGE).subarray(0, 40), /^protocol: the compressed body of 40 bytes cannot be unpacked: "unexpected end of file"$/],
  ])('%s, compressed as it was asked for', async (_, body, message) => {
    const kubelet = await kubeletOf((socket) => socket.write(ok(body, 'Content-Encoding: gzip'), 'latin1'));
    const client = clientOf({ gzip: true });
    expect(await failureOf(client, kubelet.node())).toMatch(message);
    kubelet.answer = answerPage;
    expect((await fetchPage(client, kubelet.node())).page).toBe(PAGE);
  });

  test('401 makes the credentials be read anew', async () => {
    const invalidate = jest.fn();
    const kubelet = await kubeletOf(socket => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
    await failureOf(clientOf({ invalidate }), kubelet.node());
    expect(invalidate).toHaveBeenCalledTimes(1);
  });

  test('a certificate of another CA', async () => {
    const kubelet = await kubeletOf(answerPage, await issueCertificate(otherCa, { commonName: 'x', ipAddresses: ['127.0.0.1'], usages: ['server'] }));
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(/^x509-unknown-authority: .*--kubelet-certificate-authority/);
    expect(kubelet.requests).toEqual([]);
    expect((await fetchPage(clientOf({ tls: { insecureSkipVerify: true, certificateAuthority: () => undefined } }), kubelet.node())).page).toBe(PAGE);
  });

  test('a certificate that the kubelet signed with a CA of its own, as kubelets do by default', async () => {
    const leaf = await issueCertificate(otherCa, { commonName: 'x', ipAddresses: ['127.0.0.1'], usages: ['server'] });
    const kubelet = await kubeletOf(answerPage, { certificate: leaf.certificate + otherCa.certificate, key: leaf.key });
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(/^x509-unknown-authority: /);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a certificate for other names says which, each time, with %s', async maxVersion => {
    const other = await issueCertificate(ca, { commonName: '127.0.0.1', dnsNames: ['node-9'], ipAddresses: ['192.0.2.1'], usages: ['server'] });
    const kubelet = await kubeletOf(answerPage, other, { maxVersion });
    const client = clientOf();
    for (let i = 0; i < 3; i++) {
      expect(await failureOf(client, kubelet.node()))
        .toMatch(/^x509-name-mismatch: the certificate is not for 127.0.0.1, node-1, it offers DNS:node-9, IP Address:192.0.2.1: /);
    }
    expect(kubelet.requests).toEqual([]);
  });

  test('a certificate with a common name only, which Go does not take either', async () => {
    const kubelet = await kubeletOf(answerPage, await issueCertificate(ca, { commonName: 'localhost', usages: ['server'] }));
    expect(await failureOf(clientOf(), kubelet.node('node-1', 'localhost'))).toMatch(/^x509-name-mismatch: .* no subject alternative name \(only the common name "localhost"\)/);
  });

  test.each([
    ['expired', { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }],
    ['not valid yet', { notBefore: new Date('2120-01-01'), notAfter: new Date('2121-01-01') }],
  ])('a certificate that is %s', async (_, validity) => {
    const kubelet = await kubeletOf(answerPage, await issueCertificate(ca, { commonName: 'x', ipAddresses: ['127.0.0.1'], usages: ['server'], ...validity }));
    expect(await failureOf(clientOf(), kubelet.node())).toMatch(/^x509-expired: /);
  });

  test('a certificate signed over SHA-1, which Go does not take either; it is read where nobody is verified', async () => {
    const { ca: weak, leaf } = await rsaSigned('SHA-1');
    const kubelet = await kubeletOf(answerPage, leaf);
    const trusting = (insecureSkipVerify: boolean) => clientOf({ tls: { insecureSkipVerify, certificateAuthority: () => weak.certificate } });
    expect(await failureOf(trusting(false), kubelet.node())).toMatch(/^x509-weak: CA signature digest algorithm too weak: reissue it, signed over SHA-256 /);
    expect(kubelet.requests).toEqual([]);
    expect((await fetchPage(trusting(true), kubelet.node())).page).toBe(PAGE);
  });

  test('no TLS where TLS is expected', async () => {
    const kubelet = await LoopbackKubelet.start(undefined, answerPage);
    stops.push(() => kubelet.stop());
    kubelet.sockets.forEach(socket => socket.write('x'));
    const failure = failureOf(clientOf({ requestTimeoutMs: 200 }), kubelet.node());
    while (kubelet.sockets.size === 0) await new Promise(setImmediate);
    for (const socket of kubelet.sockets) socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await failure).toMatch(/^tls: /);
  });

  test('nothing listens', async () => {
    const kubelet = await LoopbackKubelet.start(undefined, answerPage);
    const node = kubelet.node();
    await kubelet.stop();
    expect(await failureOf(clientOf(), node)).toMatch(/^refused: connect ECONNREFUSED .*--kubelet-port/);
  });

  test('a name that cannot be resolved', async () => {
    const kubelet = await kubeletOf();
    expect(await failureOf(clientOf(), kubelet.node('node-1', 'node-1.invalid'))).toMatch(/^dns: .*--kubelet-preferred-address-types/);
  });

  test('no address of a wanted type', async () => {
    const client = clientOf({ address: { preferredTypes: ['Hostname', 'ExternalIP'], port: 10250, useNodeStatusPort: false } });
    const kubelet = await kubeletOf();
    expect(await failureOf(client, kubelet.node())).toMatch(/^no-address: no address of type Hostname, ExternalIP; the node's status offers InternalIP/);
  });

  test('a port that cannot be', async () => {
    const kubelet = await kubeletOf();
    expect(await failureOf(clientOf(), { ...kubelet.node(), kubeletPort: 99_999 })).toMatch(/^protocol: .*port/i);
  });

  test('credentials that cannot be read, or not be sent', async () => {
    const kubelet = await kubeletOf();
    expect(await failureOf(clientOf({ credentials: async () => { throw new Error('no such file'); } }), kubelet.node())).toBe('unauthorized: no credentials to show: no such file');
    const message = await failureOf(clientOf({ credentials: async () => ({ bearerToken: 'top\r\nsecret' }) }), kubelet.node());
    expect(message).toMatch(/^unauthorized: .*characters that no header may have/);
    expect(message).not.toMatch(/secret/);
  });

  test('a client certificate that is none', async () => {
    const kubelet = await kubeletOf();
    expect(await failureOf(clientOf({ credentials: async () => ({ clientCertificate: { certificate: 'x', key: 'y' } }) }), kubelet.node())).toMatch(/^tls: CA bundle or client certificate cannot be used/);
  });
});

describe('the deadline covers', () => {
  /** Advances the clock once `ready` holds; time never passes by itself. */
  async function timeout(node: NodeRecord, ready: () => boolean, changes: ClientChanges = {}): Promise<string> {
    const clock = new ManualClock();
    const failure = failureOf(clientOf({ clock, requestTimeoutMs: 10_000, ...changes }), node);
    while (!ready()) await new Promise(setImmediate);
    await new Promise(resolve => setTimeout(resolve, 30));
    clock.advance(10_000);
    expect(clock.pending).toBe(0);
    return failure;
  }

  test('reading credentials', async () => {
    const kubelet = await kubeletOf();
    expect(await timeout(kubelet.node(), () => true, { credentials: () => new Promise(() => {}) })).toBe(
      'timeout: no complete answer within 10000 ms: reading credentials (--kubelet-request-timeout)');
  });

  test('the TLS handshake', async () => {
    const silent = await LoopbackKubelet.start(undefined, () => {});
    stops.push(() => silent.stop());
    expect(await timeout(silent.node(), () => silent.sockets.size > 0)).toMatch(/TLS handshake/);
  });

  test('waiting for the answer', async () => {
    const kubelet = await kubeletOf(() => {});
    expect(await timeout(kubelet.node(), () => kubelet.requests.length > 0)).toMatch(/^timeout: .*waiting for the answer/);
  });

  test('an answer that drips, however steadily', async () => {
    const kubelet = await kubeletOf(socket => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 1);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await timeout(kubelet.node(), () => kubelet.requests.length > 0)).toMatch(/^timeout: .* bytes of the body read/);
  });
});
