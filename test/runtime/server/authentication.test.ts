import { intermediate } from './authentication/intermediate';
import { Ask, askHttp1, askHttp2 } from './client';
import { golden } from './golden';
import { createTestPki, requestHeaderSettings, TestPki, TestServer } from './test-server';
import { StatusError } from '../../../src/runtime/server/status';
import { Identity, issueCertificate } from '../../simulated-cluster/pki';

const curl = { 'user-agent': 'curl/8.5.0' };
const path = '/apis/metrics.k8s.io/v1beta1/nodes';
const HOUR_MS = 3_600_000;

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

beforeEach(async () => {
  server = await TestServer.start(pki);
});

afterEach(() => server.stop());

/** The user that the last SubjectAccessReview was about. */
function reviewedUser(): unknown {
  const { user, groups, extra, uid } = server.reviews.filter(({ kind }) => kind === 'SubjectAccessReview').at(-1)!.spec;
  return { user, groups, extra, uid };
}

describe.each<[string, Ask]>([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('over %s', (_protocol, ask) => {
  const get = (identity?: Identity, headers: Record<string, string | string[]> = {}) => (
    server.ask(path, { identity, headers: { ...curl, ...headers } }, ask)
  );
  const unauthorized = expect.objectContaining({ status: 401, body: golden('err-401.json') }) as unknown;

  describe('kube-apiserver, known by its certificate, says who the user is', () => {
    test('with groups, extra and uid', async () => {
      await get(pki.frontProxy, {
        'X-Remote-User': 'bob',
        'X-Remote-Group': ['devs', 'a,b', 'ops'],
        'X-Remote-Uid': 'u1',
        'X-Remote-Extra-Authentication.kubernetes.io%2fcredential-Id': ['JTI=1', 'JTI=2'],
      });
      expect(reviewedUser()).toEqual({
        user: 'bob',
        groups: ['devs', 'a,b', 'ops', 'system:authenticated'],
        uid: 'u1',
        extra: { 'authentication.kubernetes.io/credential-id': ['JTI=1', 'JTI=2'] },
      });
    });

    test('as discovery asks, without groups', async () => {
      await get(pki.frontProxy, { 'X-Remote-User': 'system:aggregator' });
      expect(reviewedUser()).toEqual({ user: 'system:aggregator', groups: ['system:authenticated'] });
    });

    test.each([
      ['system:unauthenticated', ['system:unauthenticated']],
      ['system:authenticated', ['system:authenticated']],
      ['', ['system:authenticated']],
    ])('whose group is %j', async (group, groups) => {
      await get(pki.frontProxy, { 'X-Remote-User': 'bob', 'X-Remote-Group': group });
      expect(reviewedUser()).toMatchObject({ groups });
    });

    test('with hundreds of groups', async () => {
      const groups = Array.from({ length: 500 }, (_, index) => `group-${index}`);
      await get(pki.frontProxy, { 'X-Remote-User': 'bob', 'X-Remote-Group': groups });
      expect(reviewedUser()).toMatchObject({ groups: [...groups, 'system:authenticated'] });
    });

    test('and superusers need no review', async () => {
      server.cluster.allows = () => false;
      expect((await get(pki.frontProxy, { 'X-Remote-User': 'admin', 'X-Remote-Group': 'system:masters' })).status).toBe(200);
      expect(server.reviews).toEqual([]);
    });
  });

  describe('nobody else may say so', () => {
    const spoofed = { 'X-Remote-User': 'admin', 'X-Remote-Group': 'system:masters' };

    test('headers without a certificate are ignored', async () => {
      server.cluster.allows = () => false;
      expect(await get(undefined, spoofed)).toMatchObject({ status: 403, body: golden('err-403-anonymous.json') });
      expect(reviewedUser()).toEqual({ user: 'system:anonymous', groups: ['system:unauthenticated'] });
    });

    test('a certificate of the same name by another CA of the same name is refused', async () => {
      expect(await get(pki.rogue, spoofed)).toEqual(unauthorized);
      expect(server.reviews).toEqual([]);
    });

    test('the right CA but another common name is refused', async () => {
      const other = await issueCertificate(pki.frontProxyCa, { commonName: 'kubelet', usages: ['client'] });
      expect(await get(other, spoofed)).toEqual(unauthorized);
    });

    test('any common name will do when the list is empty', async () => {
      server.settings = { requestHeader: { ...requestHeaderSettings, clientCa: pki.frontProxyCa.certificate, allowedNames: [] } };
      const other = await issueCertificate(pki.frontProxyCa, { commonName: 'kubelet', usages: ['client'] });
      expect((await get(other, spoofed)).status).toBe(200);
    });

    test('a user\'s certificate makes its user, not the one in the headers', async () => {
      expect((await get(pki.alice, spoofed)).status).toBe(200);
      expect(reviewedUser()).toMatchObject({ user: 'alice', groups: ['devs', 'a,b', 'system:authenticated'] });
    });

    test('not even when both CAs are one and the same', async () => {
      server.settings = { clientCa: pki.clientCa.certificate, requestHeader: { ...requestHeaderSettings, clientCa: pki.clientCa.certificate } };
      await get(pki.alice, spoofed);
      expect(reviewedUser()).toMatchObject({ user: 'alice' });
    });

    test.each([['expired', -2, -1], ['not yet valid', 1, 2]])('an %s certificate is refused', async (_what, from, to) => {
      const identity = await issueCertificate(pki.frontProxyCa, {
        commonName: 'front-proxy-client',
        usages: ['client'],
        notBefore: new Date(Date.now() + from * HOUR_MS),
        notAfter: new Date(Date.now() + to * HOUR_MS),
      });
      expect(await get(identity, spoofed)).toEqual(unauthorized);
    });

    test('a server\'s certificate is refused', async () => {
      const identity = await issueCertificate(pki.frontProxyCa, { commonName: 'front-proxy-client', usages: ['server'] });
      expect(await get(identity, spoofed)).toEqual(unauthorized);
    });

    test('without a request header CA no certificate is a front proxy\'s', async () => {
      server.settings = { clientCa: pki.clientCa.certificate };
      expect(await get(pki.frontProxy, spoofed)).toEqual(unauthorized);
    });
  });

  describe('a bearer token', () => {
    const bearer = { authorization: 'Bearer good' };

    beforeEach(() => {
      server.cluster.tokenStatus = (token) => token === 'good'
        ? { authenticated: true, user: { username: 'alice', uid: 'u1', groups: ['devs'], extra: { k: ['v'] } } }
        : { authenticated: false };
    });

    test('is reviewed by the cluster', async () => {
      expect((await get(undefined, bearer)).status).toBe(200);
      expect(`TOKENREVIEW ${JSON.stringify(server.reviews[0])}`).toBe(golden('authn-authz-requests.txt').trim().split('\n').at(-1));
      expect(reviewedUser()).toEqual({ user: 'alice', groups: ['devs', 'system:authenticated'], uid: 'u1', extra: { k: ['v'] } });
    });

    test('that is bad does not make the request anonymous', async () => {
      expect(await get(undefined, { authorization: 'Bearer bad' })).toEqual(unauthorized);
    });

    test('counts although the certificate beside it does not', async () => {
      expect((await get(pki.rogue, bearer)).status).toBe(200);
      expect(reviewedUser()).toMatchObject({ user: 'alice' });
    });

    test.each([['it', 'tokenStatus'], ['what it may do', 'allows']] as const)('is to come again when there is no room for the review of %s', async (_what, review) => {
      server.cluster[review] = () => { throw StatusError.tooManyRequests(); };
      expect(await get(undefined, bearer)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    });

    test.each(['Basic YTpi', 'Bearer', 'Bearer '])('%j is none', async (authorization) => {
      await get(undefined, { authorization });
      expect(reviewedUser()).toMatchObject({ user: 'system:anonymous' });
    });
  });

  test('a certificate that comes with its intermediate', async () => {
    const authority = await intermediate(pki.clientCa, 'intermediate');
    const carol = await issueCertificate(authority, { commonName: 'carol', usages: ['client'] });
    expect((await get(carol)).status).toBe(401);
    expect((await get({ ...carol, certificate: carol.certificate + authority.certificate })).status).toBe(200);
    expect(reviewedUser()).toMatchObject({ user: 'carol' });
  });

  test('a new CA counts from the next request', async () => {
    expect((await get(pki.alice)).status).toBe(200);
    server.settings = { clientCa: pki.frontProxyCa.certificate };
    expect((await get(pki.alice)).status).toBe(401);
  });

  test('names that are not ASCII arrive as they were sent', async () => {
    await get(pki.frontProxy, { 'X-Remote-User': Buffer.from('jürgen', 'utf8').toString('latin1') });
    expect(reviewedUser()).toMatchObject({ user: 'jürgen' });
  });
});

test('the whole log of requests that metrics-server sent for authorization', async () => {
  const lines = golden('authn-authz-requests.txt').split('\n').filter((line) => line.startsWith('SAR ')).map((line) => line.slice(4));
  for (const line of lines) {
    const { resourceAttributes: resource, nonResourceAttributes, user } = JSON.parse(line) as {
      resourceAttributes?: Record<string, string> & { fieldSelector?: unknown };
      nonResourceAttributes?: { path: string };
      user: string;
    };
    const url = nonResourceAttributes?.path ?? [
      `/apis/${resource!.group}/${resource!.version}`,
      resource!.namespace && `/namespaces/${resource!.namespace}`,
      `/${resource!.resource}`,
      resource!.name && `/${resource!.name}`,
      resource!.fieldSelector ? '?fieldSelector=spec.nodeName%3Dx' : '',
      resource!.verb === 'watch' ? '?watch=true' : '',
    ].filter(Boolean).join('');
    const alice = { 'X-Remote-User': 'alice', 'X-Remote-Group': 'devs', 'X-Remote-Extra-K': 'v', 'X-Remote-Uid': 'u1' };
    await server.ask(url, {
      method: resource?.verb === 'create' ? 'POST' : 'GET',
      ...user === 'alice' ? { identity: pki.frontProxy, headers: alice } : {},
    });
    expect(JSON.stringify(server.reviews.at(-1)!.spec)).toBe(line);
  }
  expect(lines.length).toBeGreaterThan(20);
});
