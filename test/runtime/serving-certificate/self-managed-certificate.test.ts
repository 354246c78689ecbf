import { X509Certificate } from 'node:crypto';
import { emptySecret, removeSecret, Replica, SECRET, secretIn, SERVICE } from './replica';
import { FIELD_MANAGER } from '../../../src/_facts/rights';
import { createCertificateAuthority, issueServingCertificate } from '../../../src/runtime/serving-certificate/issue';
import { serviceNames } from '../../../src/runtime/serving-certificate/serving-names';
import { dataOf } from '../../../src/runtime/serving-certificate/serving-secret';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';
import { until } from '../cluster/fake-api-server';
import { ManualClock } from '../manual-clock';

const DAY_MS = 86_400_000;

let cluster: SimulatedCluster;
let replicas: Replica[];

beforeEach(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 1 });
  replicas = [];
});

afterEach(async () => {
  replicas.forEach((one) => one.stop());
  await cluster.stop();
});

async function replica(user?: string): Promise<Replica> {
  const one = await Replica.of(cluster, user);
  replicas.push(one);
  return one;
}

async function servingReplica(): Promise<Replica> {
  const one = await replica();
  one.start();
  await until(() => one.served.length === 1);
  return one;
}

/** Of the Secret's data. */
function pem(key: string): string {
  return Buffer.from(secretIn(cluster)!.data[key], 'base64').toString();
}

function isSignedBy(certificate: string, ca: string): boolean {
  return new X509Certificate(certificate).verify(new X509Certificate(ca).publicKey);
}

describe('the Secret of a fresh chart', () => {
  test('is filled with a CA and a certificate that it signed, in one write over what was read', async () => {
    const { resourceVersion } = cluster.apply(emptySecret()).metadata;
    const { client, served, caBundles, certificate, logger } = await servingReplica();
    expect(Object.keys(secretIn(cluster)!.data).sort()).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    expect(served).toEqual([{ certificate: pem('tls.crt'), key: pem('tls.key') }]);
    expect(caBundles).toEqual([pem('ca.crt')]);
    expect(isSignedBy(pem('tls.crt'), pem('ca.crt'))).toBe(true);
    expect(client.writes).toEqual([expect.objectContaining({
      method: 'PATCH',
      query: { fieldManager: FIELD_MANAGER },
      body: expect.objectContaining({ metadata: { resourceVersion } }),
    })]);
    expect(certificate.unready()).toBeUndefined();
    expect(logger.lines).toEqual([`I Wrote the serving certificate Secret secret=${SECRET.namespace}/${SECRET.name} newCa=true newCertificate=true`]);
  });

  test('is filled once by two replicas that start together', async () => {
    cluster.apply(emptySecret());
    const both = [await replica(), await replica()];
    const allRead = () => both.every(({ client }) => client.writes.length > 0);
    both.forEach(({ client }) => { client.beforeWrite = () => until(allRead); });
    both.forEach((one) => one.start());
    await until(() => both.every(({ served }) => served.length > 0));
    for (const one of both) {
      expect(one.served).toEqual([{ certificate: pem('tls.crt'), key: pem('tls.key') }]);
      expect(one.caBundles).toEqual([pem('ca.crt')]);
    }
    // Losing the race is no failure.
    expect(both.flatMap(({ logger }) => logger.lines)).toEqual([expect.stringContaining('Wrote the serving certificate Secret')]);
  });
});

describe('a filled Secret', () => {
  test('is taken over without a write', async () => {
    cluster.apply(emptySecret());
    await servingReplica();
    const before = secretIn(cluster);
    const second = await servingReplica();
    expect(second.served).toEqual(replicas[0].served);
    expect(second.caBundles).toEqual(replicas[0].caBundles);
    expect(second.client.writes).toEqual([]);
    expect(secretIn(cluster)).toBe(before);
  });

  test('that somebody filled with something else is filled anew', async () => {
    cluster.apply({ ...emptySecret(), data: { 'ca.crt': 'Z2FyYmFnZQ==', 'ca.key': 'Z2FyYmFnZQ==', 'tls.crt': '', 'tls.key': '' } });
    const { served } = await servingReplica();
    expect(served).toEqual([{ certificate: pem('tls.crt'), key: pem('tls.key') }]);
  });

  test('is renewed once, whoever of the replicas is first', async () => {
    cluster.apply(emptySecret());
    const both = [await servingReplica(), await servingReplica()];
    both.forEach(({ clock }) => clock.advance(245 * DAY_MS));
    await until(() => both.every(({ served }) => served.length === 2));
    expect(both[1].served).toEqual(both[0].served);
    expect(both[0].served[1].certificate).toBe(pem('tls.crt'));
  });
});

describe('renewal', () => {
  test('replaces the serving certificate when a third of its life is left, and keeps the CA', async () => {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    one.clock.advance(242 * DAY_MS);
    expect(one.client.writes).toHaveLength(1);
    one.clock.advance(3 * DAY_MS);
    await until(() => one.served.length === 2);
    expect(one.served[1].certificate).not.toBe(one.served[0].certificate);
    expect(isSignedBy(one.served[1].certificate, one.caBundles[0])).toBe(true);
    expect(one.caBundles).toHaveLength(1);
    expect(one.logger.lines[1]).toContain('newCa=false');
  });

  test('comes when it is due, however short the life of the certificate', async () => {
    const nowMs = new ManualClock().now();
    const ca = await createCertificateAuthority('ca', nowMs);
    // Valid since an hour ago, so that a third of its life is half an hour.
    const serving = await issueServingCertificate(ca, serviceNames(SERVICE), nowMs, 36 * 60_000);
    cluster.apply({ ...emptySecret(), data: dataOf({ ca, serving, trusted: [ca.certificate] }) });
    const one = await servingReplica();
    one.clock.advance(4 * 60_000 - 1);
    expect(one.client.writes).toEqual([]);
    one.clock.advance(1);
    await until(() => one.served.length === 2);
    expect(isSignedBy(one.served[1].certificate, ca.certificate)).toBe(true);
  });

  test('of the CA lets clients trust old and new for a day before the change of the certificate, and a day after it', async () => {
    const startMs = new ManualClock().now();
    const old = await createCertificateAuthority('old', startMs - 7 * 365 * DAY_MS);
    const serving = await issueServingCertificate(old, serviceNames(SERVICE), startMs);
    cluster.apply({ ...emptySecret(), data: dataOf({ ca: old, serving, trusted: [old.certificate] }) });
    const one = await servingReplica();
    await until(() => one.caBundles.length === 2);
    const [next] = pem('ca.crt').match(/[^-]*-+BEGIN.*?-+END CERTIFICATE-+\n/s)!;
    expect(one.caBundles).toEqual([old.certificate, next + old.certificate]);
    expect(one.served).toEqual([serving]);

    const untilAMinuteIsLeft = async () => {
      one.clock.advance(DAY_MS - 60_000);
      await until(() => one.clock.nextInMs === 60_000);
    };
    await untilAMinuteIsLeft();
    expect(one.client.writes).toHaveLength(1);
    one.clock.advance(60_000);
    await until(() => one.served.length === 2);
    expect(one.clock.now()).toBe(startMs + DAY_MS);
    expect(isSignedBy(one.served[1].certificate, next)).toBe(true);
    expect(one.caBundles).toHaveLength(2);
    expect(pem('ca.crt')).toBe(one.caBundles[1]);

    await untilAMinuteIsLeft();
    expect(one.caBundles).toHaveLength(2);
    one.clock.advance(60_000);
    await until(() => one.caBundles.length === 3);
    expect(one.caBundles[2]).toBe(next);
    expect(one.served).toHaveLength(2);
    one.clock.advance(30 * DAY_MS);
    expect(one.client.writes).toHaveLength(3);
  });

  test('of the CA is at once where the certificate has expired too', async () => {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    one.clock.advance(7 * 365 * DAY_MS);
    await until(() => one.caBundles.length === 2);
    expect(isSignedBy(one.served[1].certificate, one.caBundles[1])).toBe(true);
    expect(isSignedBy(one.served[1].certificate, one.caBundles[0])).toBe(false);
  });

  test('that fails leaves what is served in use, and readiness alone', async () => {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    one.client.beforeWrite = () => Promise.reject(new Error('the API server is away'));
    one.clock.advance(245 * DAY_MS);
    await until(() => one.logger.lines.length === 2);
    expect(one.logger.lines[1]).toMatch(/^W Self-managed certificate in Secret .* will be tried again reason=the API server is away$/);
    expect(one.served).toHaveLength(1);
    expect(one.certificate.unready()).toBeUndefined();
    one.client.beforeWrite = async () => {};
    one.clock.advance(30_000);
    await until(() => one.served.length === 2);
  });
});

describe('without the Secret', () => {
  const missing = `Secret ${SECRET.namespace}/${SECRET.name} does not exist; apply the chart that declares it`;

  test('a temporary certificate is served after a moment, not ready, and says so once', async () => {
    const one = await replica();
    one.start();
    await until(() => one.logger.lines.length > 0);
    expect(one.served).toEqual([]);
    one.clock.advance(2_000);
    await until(() => one.served.length === 1);
    one.clock.advance(5 * 3_600_000);
    expect(one.certificate.unready()).toBe(missing);
    expect(one.caBundles).toEqual([]);
    expect(one.client.writes).toEqual([]);
    expect(one.logger.lines).toEqual([`W Waiting for the serving certificate Secret reason=${missing}`]);
  });

  test('it is filled soon after it appears', async () => {
    const one = await replica();
    one.start();
    await until(() => one.logger.lines.length > 0);
    one.clock.advance(2_000);
    await until(() => one.served.length === 1);
    cluster.apply(emptySecret());
    await until(() => one.seesSecret === true);
    expect(one.certificate.unready()).toBe(`Secret ${SECRET.namespace}/${SECRET.name} is empty`);
    one.clock.advance(4_999);
    expect(one.client.writes).toEqual([]);
    one.clock.advance(1);
    await until(() => one.served.length === 2);
    expect(one.served[1].certificate).toBe(pem('tls.crt'));
    expect(one.caBundles).toEqual([pem('ca.crt')]);
    expect(one.certificate.unready()).toBeUndefined();
  });

});

describe('a Secret that is deleted', () => {
  const gone = `W Serving on with the certificate in hand reason=Secret ${SECRET.namespace}/${SECRET.name} does not exist; apply the chart that declares it`;

  async function survivor(): Promise<Replica> {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    removeSecret(cluster);
    await until(() => one.seesSecret === false);
    return one;
  }

  test('is done without, and that is said once', async () => {
    const one = await survivor();
    one.clock.advance(5 * 3_600_000);
    expect([one.certificate.unready(), one.served.length, one.caBundles.length, one.client.writes.length]).toEqual([undefined, 1, 1, 1]);
    expect(one.logger.lines.slice(1)).toEqual([gone]);
  });

  test('is filled with what it held as soon as an empty one is back: no client has to learn of another CA', async () => {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    const { data } = secretIn(cluster)!;
    for (let time = 1; time <= 2; time++) {
      removeSecret(cluster);
      await until(() => one.seesSecret === false);
      cluster.apply(emptySecret());
      await until(() => secretIn(cluster)!.data !== undefined);
      expect(secretIn(cluster)!.data).toEqual(data);
      await until(() => one.logger.lines.length === 1 + 2 * time);
    }
    expect([one.served.length, one.caBundles.length]).toEqual([1, 1]);
    expect(one.logger.lines.slice(1)).toEqual(Array(2).fill([gone, expect.stringMatching(/^I Wrote .* newCa=false newCertificate=false$/)]).flat());
  });

  test('is filled by a replica that holds the CA, not by one that has just started', async () => {
    const one = await survivor();
    const ca = one.caBundles[0];
    const late = await replica();
    late.start();
    await until(() => late.seesSecret === false);
    one.client.beforeWrite = () => until(() => late.seesSecret === true);
    cluster.apply(emptySecret());
    await until(() => late.served.length === 1);
    expect([late.served, late.caBundles, pem('ca.crt')]).toEqual([one.served, [ca], ca]);
    late.clock.advance(3_600_000);
    expect(late.client.writes).toEqual([]);
  });

  test('is filled with a new certificate of the same CA when the one in hand has grown old meanwhile', async () => {
    const one = await survivor();
    one.clock.advance(300 * DAY_MS);
    cluster.apply(emptySecret());
    await until(() => one.served.length === 2);
    expect(isSignedBy(one.served[1].certificate, one.caBundles[0])).toBe(true);
    expect(one.caBundles).toHaveLength(1);
  });

  test.each([['emptied', undefined], ['overwritten', { 'ca.crt': 'Z2FyYmFnZQ==', 'tls.crt': '' }]])('or %s, is filled with what it held', async (_how, data) => {
    cluster.apply(emptySecret());
    const one = await servingReplica();
    const before = secretIn(cluster)!.data;
    cluster.apply({ ...emptySecret(), data });
    await until(() => one.client.writes.length === 2 && secretIn(cluster)!.data?.['tls.crt'] !== data?.['tls.crt']);
    expect(secretIn(cluster)!.data).toEqual(before);
  });
});

test('without the right to write the Secret, readiness says what is missing', async () => {
  cluster.apply(emptySecret());
  const user = 'system:serviceaccount:kube-system:metrics-server';
  cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reads-secrets' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] }],
  });
  cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reads-secrets' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reads-secrets' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'metrics-server' }],
  });
  const one = await replica(user);
  one.start();
  await until(() => one.logger.lines.length > 0);
  expect(one.certificate.unready()).toMatch(/cannot patch resource "secrets"/);
});

test('a certificate that cannot be served with is neither announced nor ready, and tried again', async () => {
  cluster.apply(emptySecret());
  const one = await replica();
  const { onCertificate } = one;
  one.onCertificate = () => { throw new Error('not with this TLS library'); };
  one.start();
  await until(() => one.logger.lines.some((line) => line.includes('not with this TLS library')));
  expect(one.caBundles).toEqual([]);
  expect(one.certificate.unready()).toBe('not with this TLS library');
  one.onCertificate = onCertificate;
  one.clock.advance(500);
  await until(() => one.caBundles.length === 1);
  expect(one.served).toEqual([{ certificate: pem('tls.crt'), key: pem('tls.key') }]);
  expect(one.certificate.unready()).toBeUndefined();
});

test('what somebody else writes before our write is answered is what is served', async () => {
  cluster.apply(emptySecret());
  const other = await servingReplica();
  const { data } = secretIn(cluster)!;
  removeSecret(cluster);
  cluster.apply(emptySecret());
  other.stop();
  const one = await replica();
  let overwritten = false;
  one.client.afterWrite = async () => {
    cluster.apply({ ...emptySecret(), data });
    overwritten = true;
    await until(() => one.client.events === 2);
  };
  one.start();
  await until(() => overwritten && one.served.length > 0);
  expect(one.served).toEqual(other.served);
  expect(one.caBundles).toEqual(other.caBundles);
});

test('nothing happens after the end', async () => {
  const one = await replica();
  one.start();
  one.stop();
  cluster.apply(emptySecret());
  one.clock.advance(2 * 3_600_000);
  expect(one.clock.pending).toBe(0);
  expect(one.client.writes).toEqual([]);
  expect(one.served).toEqual([]);
});

test('a write that is under way at the end is served no more', async () => {
  cluster.apply(emptySecret());
  const one = await replica();
  let ended = false;
  one.client.beforeWrite = () => until(() => ended);
  one.start();
  await until(() => one.client.writes.length === 1);
  one.certificate.stop();
  ended = true;
  await until(() => one.logger.lines.length === 1);
  expect(one.served).toEqual([]);
});
