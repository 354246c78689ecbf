import { RecordingClient, SERVICE } from './replica';
import { CaBundle } from '../../../src/runtime/serving-certificate/ca-bundle';
import { nextStep } from '../../../src/runtime/serving-certificate/rotation';
import { serviceNames } from '../../../src/runtime/serving-certificate/serving-names';
import { KubeObject, resourceOfKind } from '../../simulated-cluster/kube-object';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';
import { until } from '../cluster/fake-api-server';
import { RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const NAME = 'v1beta1.metrics.k8s.io';
const API_SERVICES = resourceOfKind('apiregistration.k8s.io/v1', 'APIService')!;
const USER = 'system:serviceaccount:kube-system:metrics-server';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const base64 = (text: string) => Buffer.from(text).toString('base64');

let cluster: SimulatedCluster;
let client: RecordingClient;
let clock: ManualClock;
let logger: RecordingLogger;
let caBundle: CaBundle;

beforeEach(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 1 });
  await setUp('kubernetes-admin');
});

afterEach(async () => {
  tearDown();
  await cluster.stop();
});

async function setUp(user: string): Promise<void> {
  client = await RecordingClient.of(cluster, user);
  clock = new ManualClock();
  logger = new RecordingLogger();
  caBundle = new CaBundle({ apiServiceName: NAME, service: SERVICE, client, clock, random: () => 0, logger });
}

function tearDown(): void {
  caBundle.stop();
  client.close();
}

function apply(overrides: object, managedFields?: KubeObject['metadata']['managedFields']): KubeObject {
  return cluster.apply({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: NAME, ...managedFields && { managedFields } },
    spec: { service: SERVICE, group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, ...overrides },
  });
}

function spec(): any {
  return cluster.store.find(API_SERVICES, '', NAME)!.spec;
}

function rights(verbs: readonly string[]): void {
  cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'ca-bundle' },
    rules: [{ apiGroups: ['apiregistration.k8s.io'], resources: ['apiservices'], verbs }],
  });
  cluster.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'ca-bundle' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ca-bundle' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'metrics-server' }],
  });
}

test('is filled in one patch, which ends insecureSkipTLSVerify too', async () => {
  const { resourceVersion } = apply({ insecureSkipTLSVerify: true }).metadata;
  caBundle.want('our CA');
  caBundle.settle();
  caBundle.start();
  await until(() => spec().caBundle !== undefined);
  expect(spec()).toMatchObject({ caBundle: base64('our CA'), insecureSkipTLSVerify: false });
  expect(client.writes).toEqual([{
    method: 'PATCH',
    path: `/apis/apiregistration.k8s.io/v1/apiservices/${NAME}`,
    query: { fieldManager: 'cdk8s-metrics-server' },
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion }, spec: { caBundle: base64('our CA'), insecureSkipTLSVerify: false } },
  }]);
});

test('is filled when the APIService comes later, and again when the CA changes', async () => {
  caBundle.start();
  caBundle.want('our CA');
  apply({});
  await until(() => spec().caBundle === base64('our CA'));
  caBundle.want('our next CA');
  await until(() => spec().caBundle === base64('our next CA'));
});

test('of an API that nobody verifies is filled when those who served before have gone: they could not be verified', async () => {
  apply({ insecureSkipTLSVerify: true });
  caBundle.want('our CA');
  caBundle.start();
  await until(() => client.watches === 1);
  expect(client.writes).toEqual([]);
  caBundle.settle();
  await until(() => spec().caBundle === base64('our CA'));
  expect(client.writes).toHaveLength(1);
});

describe('of an API that was verified with another CA', () => {
  const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const [OURS, BEFORE, FOREIGN] = ['ours', 'before', 'foreign'].map(pem);
  const BOTH = base64(OURS + BEFORE);

  /** Each APIService says who has changed it, and when. */
  const written = (agoMs: number, text = BOTH, manager = 'cdk8s-metrics-server') => apply({ caBundle: text }, [{
    manager, operation: 'Update', time: new Date(clock.now() - agoMs).toISOString(), fieldsV1: { 'f:spec': { 'f:caBundle': {} } },
  }]);

  beforeEach(() => caBundle.want(OURS));

  test('keeps that beside ours for a day', async () => {
    apply({ caBundle: base64(BEFORE) });
    caBundle.start();
    caBundle.settle();
    await until(() => spec().caBundle === BOTH && client.events === 1);
    clock.advance(DAY_MS - 1);
    // A write would come before this one.
    apply({ caBundle: base64(FOREIGN) });
    await until(() => spec().caBundle === BOTH && client.events === 3);
    expect(client.writes).toHaveLength(2);
    clock.advance(1);
    await until(() => spec().caBundle === base64(OURS));
  });

  test('ends the day that an earlier pod began, and does not begin another', async () => {
    written(DAY_MS - HOUR_MS);
    caBundle.settle();
    caBundle.start();
    await until(() => clock.nextInMs === HOUR_MS);
    expect(client.writes).toEqual([]);
    clock.advance(HOUR_MS);
    await until(() => spec().caBundle === base64(OURS));
  });

  test('keeps it after that day too, until those who served before have probably gone', async () => {
    written(2 * DAY_MS);
    caBundle.start();
    await until(() => clock.pending === 1);
    expect(client.writes).toEqual([]);
    caBundle.settle();
    await until(() => spec().caBundle === base64(OURS));
  });

  test('ends the day when it is over by the wall clock, which is set back and forth', async () => {
    written(DAY_MS - HOUR_MS);
    caBundle.settle();
    caBundle.start();
    await until(() => clock.pending === 1);
    clock.setBy(-20 * HOUR_MS);
    clock.advance(HOUR_MS);
    await until(() => clock.pending === 1);
    expect(client.writes).toEqual([]);
    clock.setBy(20 * HOUR_MS);
    clock.advance(HOUR_MS);
    await until(() => spec().caBundle === base64(OURS));
  });

  test('is not written to and fro by replicas of which one has done with the CA before, nor is that trusted again', async () => {
    written(DAY_MS - HOUR_MS);
    caBundle.settle();
    caBundle.start();
    await until(() => clock.pending === 1);
    const later = await RecordingClient.of(cluster, 'kubernetes-admin');
    const replica = new CaBundle({ apiServiceName: NAME, service: SERVICE, client: later, clock: new ManualClock(), random: () => 0, logger });
    replica.want(OURS);
    replica.start();
    await until(() => later.watches === 1);
    clock.advance(HOUR_MS);
    await until(() => later.events === 1 && client.events === 1);
    // Which both see, and neither minds: the next event is of this write.
    apply({ versionPriority: 200, caBundle: base64(OURS) });
    await until(() => later.events === 2 && client.events === 2);
    expect([spec().caBundle, client.writes.length, later.writes.length]).toEqual([base64(OURS), 1, 0]);
    apply({ caBundle: base64(FOREIGN) });
    await until(() => spec().caBundle === base64(OURS));
    replica.stop();
    later.close();
  });

  test('holds neither twice, however often we start', async () => {
    apply({ caBundle: BOTH });
    caBundle.start();
    await until(() => client.watches === 1);
    expect(client.writes).toEqual([]);
  });

  test('holds no more than ours once somebody took that before away', async () => {
    apply({ caBundle: BOTH });
    caBundle.start();
    await until(() => client.watches === 1);
    apply({ caBundle: base64(OURS) });
    await until(() => client.events === 1);
    apply({ caBundle: base64(FOREIGN) });
    await until(() => spec().caBundle === base64(OURS));
  });

  test('holds our last CA no longer than we want it', async () => {
    apply({ caBundle: base64(BEFORE) });
    caBundle.want(OURS + pem('our last'));
    caBundle.start();
    await until(() => spec().caBundle === base64(OURS + pem('our last') + BEFORE));
    caBundle.want(OURS);
    await until(() => spec().caBundle === BOTH);
  });

  test('holds our next CA and that before, when ours changes meanwhile', async () => {
    apply({ caBundle: base64(BEFORE) });
    caBundle.start();
    await until(() => spec().caBundle === BOTH);
    caBundle.want(pem('our next'));
    await until(() => spec().caBundle === base64(pem('our next') + BEFORE));
  });

  describe('which we made ourselves', () => {
    let lost: string;

    beforeEach(async () => {
      [lost] = (await nextStep({ trusted: [] }, serviceNames(SERVICE), clock.now()).make()).trusted;
    });

    test.each([
      ['in its place', () => lost + BEFORE, () => OURS + BEFORE],
      ['alone in its place', () => lost, () => OURS],
      ['beside ours, where an earlier pod left it', () => OURS + lost, () => OURS],
    ])('trusts it no more when the Secret holds it no longer, since its key may have leaked: %s', async (_where, standing, left) => {
      apply({ caBundle: base64(standing()) });
      caBundle.start();
      await until(() => spec().caBundle === base64(left()));
      expect(client.writes).toHaveLength(1);
    });

    test('trusts it no more when the Secret loses it while we write it back, which the watch has not brought yet', async () => {
      apply({ caBundle: base64(OURS + lost) });
      caBundle.want(OURS + lost);
      caBundle.start();
      await until(() => client.watches === 1);
      client.beforeWrite = async () => { client.hearsEvents = false; };
      client.afterWrite = async () => caBundle.want(OURS);
      apply({ caBundle: base64(OURS) });
      await until(() => client.writes.length === 2 && spec().caBundle === base64(OURS));
    });

    test('leaves it to a replica that has seen it in the Secret before we have', async () => {
      apply({ caBundle: base64(OURS) });
      caBundle.start();
      await until(() => client.watches === 1);
      apply({ caBundle: base64(lost + OURS) });
      await until(() => client.events === 1);
      caBundle.want(lost + OURS);
      apply({ versionPriority: 200, caBundle: base64(lost + OURS) });
      await until(() => client.events === 2);
      expect(client.writes).toEqual([]);
    });
  });
});

describe('that a newer pod took away, to be verified no longer,', () => {
  const skippedBy = (manager: string) => apply({ insecureSkipTLSVerify: true }, [
    { manager, operation: 'Update', fieldsV1: { 'f:spec': { 'f:insecureSkipTLSVerify': {} } } },
  ]);

  beforeEach(async () => {
    apply({});
    caBundle.want('our CA');
    caBundle.start();
    await until(() => logger.lines.length === 1);
  });

  test('stays away until the rollout is over and its manifest applied', async () => {
    skippedBy('cdk8s-metrics-server');
    await until(() => clock.nextInMs === 60_000);
    // Which goes by whether or not we have settled.
    clock.advance(40_000);
    caBundle.settle();
    clock.advance(19_999);
    expect(client.writes).toHaveLength(1);
    clock.advance(1);
    await until(() => spec().caBundle === base64('our CA'));
    expect(spec().insecureSkipTLSVerify).toBe(false);
  });

  test('is filled in at once where somebody else had verification skipped', async () => {
    caBundle.settle();
    skippedBy('kubectl-edit');
    await until(() => spec().caBundle === base64('our CA'));
  });
});

test('that is right already is not written', async () => {
  apply({ caBundle: base64('our CA') });
  caBundle.want('our CA');
  caBundle.start();
  await until(() => client.watches === 1);
  expect(client.writes).toEqual([]);
  apply({ caBundle: base64('a foreign CA') });
  await until(() => spec().caBundle === base64('our CA'));
  expect(client.writes).toHaveLength(1);
});

test('that somebody overwrites is mended', async () => {
  apply({});
  caBundle.want('our CA');
  caBundle.start();
  await until(() => spec().caBundle === base64('our CA'));
  apply({ caBundle: base64('a foreign CA') });
  await until(() => spec().caBundle === base64('our CA'));
  caBundle.settle();
  apply({ insecureSkipTLSVerify: true });
  await until(() => spec().caBundle === base64('our CA'));
  expect(spec().insecureSkipTLSVerify).toBe(false);
});

test('names who else fills it in, of those who do so after us', async () => {
  const by = (manager: string) => [{ manager, operation: 'Update', fieldsV1: { 'f:spec': { 'f:caBundle': {} } } }];
  caBundle.want('our CA');
  caBundle.settle();
  apply({ caBundle: base64('the CA before') }, by('cert-manager-cainjector'));
  caBundle.start();
  await until(() => logger.lines.length === 1);
  const replaced = async (managedFields: ReturnType<typeof by>) => {
    const lines = logger.lines.length;
    apply({ caBundle: base64('a foreign CA') }, managedFields);
    await until(() => logger.lines.length > lines);
  };
  await replaced(by('keda-operator'));
  await replaced(by('cdk8s-metrics-server'));

  expect(logger.lines).toEqual([
    `I Filled caBundle apiService=${NAME}`,
    `W Filled caBundle again, which another had changed apiService=${NAME} changedBy=keda-operator`,
    `I Filled caBundle apiService=${NAME}`,
  ]);
});

test('that somebody overwrites before our write is answered is mended too', async () => {
  apply({});
  let overwritten = false;
  client.afterWrite = async () => {
    if (overwritten) return;
    overwritten = true;
    const seen = client.events;
    apply({ caBundle: base64('a foreign CA') });
    await until(() => client.events > seen);
  };
  caBundle.want('our CA');
  caBundle.start();
  await until(() => overwritten && spec().caBundle === base64('our CA'));
});

test.each([
  ['another Service', { namespace: 'kube-system', name: 'prometheus-adapter' }],
  ['a Service of the same name elsewhere', { namespace: 'monitoring', name: 'metrics-server' }],
  ['no Service, served by kube-apiserver itself', undefined],
])('of an APIService that points at %s is left alone', async (_where, service) => {
  apply({ service, caBundle: base64('their CA') });
  caBundle.want('our CA');
  caBundle.start();
  await until(() => client.watches === 1);
  expect(client.writes).toEqual([]);
  // Until it is pointed here.
  apply({});
  await until(() => spec().caBundle === base64('our CA'));
  expect(client.writes).toHaveLength(1);
});

test('without the right to patch, says so once, tries again with back-off, and says when it is done', async () => {
  tearDown();
  rights(['list', 'watch']);
  await setUp(USER);
  apply({});
  caBundle.want('our CA');
  caBundle.start();
  await until(() => clock.pending === 1);
  for (const [attempts, delayMs] of [[1, 500], [2, 1_000], [3, 2_000]]) {
    expect(client.writes).toHaveLength(attempts);
    expect(clock.nextInMs).toBe(delayMs);
    clock.advance(delayMs);
    await until(() => clock.pending === 1);
  }
  expect(logger.lines).toEqual([
    `W caBundle of APIService ${NAME}: will be tried again reason=apiservices.apiregistration.k8s.io "${NAME}" is forbidden: `
    + `User "${USER}" cannot patch resource "apiservices" in API group "apiregistration.k8s.io" at the cluster scope`
    + ` off=upkeep of caBundle of APIService ${NAME} needs=list, watch, patch apiservices.apiregistration.k8s.io ${NAME}`,
  ]);

  rights(['list', 'watch', 'patch']);
  clock.advance(4_000);
  await until(() => logger.lines.length === 3);
  expect(spec().caBundle).toBe(base64('our CA'));
  expect(logger.lines.slice(1)).toEqual([`I Filled caBundle apiService=${NAME}`, `I caBundle of APIService ${NAME}: done after earlier failures`]);
});
