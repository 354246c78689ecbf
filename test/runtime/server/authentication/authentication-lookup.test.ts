import { ApiClient } from '../../../../src/runtime/cluster/api-client';
import { AuthenticationLookup } from '../../../../src/runtime/server/authentication/authentication-lookup';
import { AuthenticationSettings } from '../../../../src/runtime/server/authentication/authentication-settings';
import { createCertificateAuthority } from '../../../simulated-cluster/pki';
import { FakeApiServer, isList, status, until } from '../../cluster/fake-api-server';
import { configFor, RecordingLogger } from '../../cluster/fixtures';
import { ManualClock } from '../../manual-clock';
import { requestHeaderSettings } from '../test-server';

const NAME = 'extension-apiserver-authentication';
const CONFIG_MAP = `ConfigMap kube-system/${NAME}`;
const MISSING = `W The cluster does not say how to authenticate requests reason=cluster doesn't provide requestheader-client-ca-file in ${CONFIG_MAP}; `
  + 'start kube-apiserver with --requestheader-client-ca-file and --proxy-client-cert-file, or pass --requestheader-client-ca-file here';
const FOUND = 'I The cluster says how to authenticate requests';

let cas: string[];
let api: FakeApiServer;
let client: ApiClient;
let clock: ManualClock;
let logger: RecordingLogger;
let lookup: AuthenticationLookup;
/** Client CAs each time that they may have changed. */
let changes: (readonly string[])[];

beforeAll(async () => {
  cas = (await Promise.all(['a', 'b', 'c'].map(createCertificateAuthority))).map(({ certificate }) => certificate);
});

beforeEach(async () => {
  api = new FakeApiServer();
  client = new ApiClient({ config: configFor(await api.listen()), userAgent: 'test' });
  clock = new ManualClock();
  logger = new RecordingLogger();
  changes = [];
});

afterEach(async () => {
  lookup.stop();
  client.close();
  await api.close();
});

function publish(data: Record<string, string>): void {
  api.set(NAME, { data }, { namespace: 'kube-system' });
}

/** As kubeadm lets kube-apiserver publish it. */
function settings(clientCa: string, requestHeaderCa: string): Record<string, string> {
  return {
    'client-ca-file': clientCa,
    'requestheader-client-ca-file': requestHeaderCa,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-uid-headers': '["X-Remote-Uid"]',
  };
}

/** Looks, and waits until what is published now has been seen. */
async function start(given: AuthenticationSettings = {}, { tolerateFailure = false, skip = false, rotating = () => given } = {}): Promise<void> {
  const onChange = (clientCas: readonly string[]) => { changes.push(clientCas); };
  lookup = new AuthenticationLookup({
    given: rotating, client: skip ? undefined : client, tolerateFailure, onChange, clock, random: () => 0, logger,
  });
  lookup.start();
  if (!skip) await until(() => api.watching === 1);
}

test('takes what the cluster says', async () => {
  publish(settings(cas[0], cas[1]));
  await start();
  expect(lookup.settings()).toEqual({ clientCa: cas[0], requestHeader: { ...requestHeaderSettings, clientCa: cas[1] } });
  expect(lookup.clientCas()).toEqual([cas[0], cas[1]]);
  expect(lookup.unready()).toBeUndefined();
  expect(changes).toEqual([[cas[0], cas[1]]]);
  // What is as it should be needs no line.
  expect(logger.lines).toEqual([]);
});

test('asks for the one ConfigMap it may read', async () => {
  publish(settings(cas[0], cas[1]));
  await start();
  for (const { pathname, searchParams } of [...api.lists(), ...api.watches()]) {
    expect(pathname).toBe('/api/v1/namespaces/kube-system/configmaps');
    expect(searchParams.get('fieldSelector')).toBe(`metadata.name=${NAME}`);
  }
});

describe('a flag wins over the cluster, each for itself', () => {
  beforeEach(() => publish(settings(cas[0], cas[1])));

  test('the CA of client certificates', async () => {
    await start({ clientCa: cas[2] });
    expect(lookup.clientCas()).toEqual([cas[2], cas[1]]);
  });

  test('everything about request headers', async () => {
    const requestHeader = { ...requestHeaderSettings, clientCa: cas[2], usernameHeaders: ['X-User'] };
    await start({ requestHeader });
    expect(lookup.settings()).toEqual({ clientCa: cas[0], requestHeader });
  });
});

test('follows CAs that rotate', async () => {
  publish(settings(cas[0], cas[1]));
  await start();
  publish(settings(cas[0], cas[2]));
  await until(() => changes.length === 2);
  expect(lookup.clientCas()).toEqual([cas[0], cas[2]]);
});

describe('is not ready', () => {
  test('before the ConfigMap has been read', async () => {
    api.next({ code: 403, body: status(403, 'Forbidden', 'configmaps is forbidden') }, isList);
    lookup = new AuthenticationLookup({ given: () => ({}), client, tolerateFailure: false, onChange() {}, clock, random: () => 0, logger });
    lookup.start();
    await until(() => logger.lines.length > 0);
    expect(lookup.unready()).toBe(`${CONFIG_MAP} has not been read yet`);
    expect(logger.lines).toEqual([`W Cannot follow ${CONFIG_MAP}, retrying reason=configmaps is forbidden`
      + ' off=authentication of kube-apiserver and of client certificates'
      + ' needs=list, watch configmaps extension-apiserver-authentication in namespace kube-system']);
  });

  test('without a request header CA, and says so once, and once when it came', async () => {
    await start();
    expect(lookup.unready()).toContain('cluster doesn\'t provide requestheader-client-ca-file');
    for (const ca of cas) {
      const seen = changes.length;
      publish({ 'client-ca-file': ca });
      await until(() => changes.length > seen);
    }
    expect(lookup.unready()).toContain('cluster doesn\'t provide requestheader-client-ca-file');
    expect(logger.lines).toEqual([MISSING]);
    publish(settings(cas[0], cas[1]));
    await until(() => lookup.unready() === undefined);
    expect(logger.lines).toEqual([MISSING, FOUND]);
  });

  test('unless a flag gives the request header CA', async () => {
    await start({ requestHeader: { ...requestHeaderSettings, clientCa: cas[0] } });
    expect(lookup.unready()).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });

  test('unless failures are tolerated', async () => {
    await start({}, { tolerateFailure: true });
    expect(lookup.unready()).toBeUndefined();
    expect(logger.lines).toEqual([MISSING]);
  });

  test('unless it shall not look: then nobody is asked', async () => {
    await start({ clientCa: cas[0] }, { skip: true });
    expect(lookup.unready()).toBeUndefined();
    expect(lookup.settings()).toEqual({ clientCa: cas[0], requestHeader: undefined });
    expect(api.requests).toEqual([]);
  });
});

describe('keeps the settings in use', () => {
  const inUse = () => expect(lookup.clientCas()).toEqual([cas[0], cas[1]]);

  beforeEach(async () => {
    publish(settings(cas[0], cas[1]));
    await start();
  });

  test.each([
    ['client-ca-file', 'garbage', 'holds no certificate in PEM'],
    ['requestheader-client-ca-file', 'garbage', 'holds no certificate in PEM'],
    ['requestheader-client-ca-file', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'holds a certificate that cannot be read, number 1 of 1'],
    ['requestheader-allowed-names', 'front-proxy-client', 'must be a JSON array of strings, got "front-proxy-client"'],
  ])('while %s is garbage, which is logged once', async (key, text, why) => {
    publish({ ...settings(cas[2], cas[2]), [key]: text });
    await until(() => logger.lines.length > 0);
    publish({ ...settings(cas[2], cas[2]), [key]: text, other: 'change' });
    publish(settings(cas[0], cas[1]));
    await until(() => changes.length === 2);
    inUse();
    expect(lookup.unready()).toBeUndefined();
    expect(logger.lines).toEqual([`W The cluster does not say how to authenticate requests reason=${CONFIG_MAP}: ${key} ${why}`, FOUND]);
  });

  test('while kube-apiserver has not written the ConfigMap again', async () => {
    api.delete(NAME);
    await until(() => changes.length === 2);
    inUse();
    publish({});
    await until(() => changes.length === 3);
    inUse();
    expect(lookup.unready()).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });
});

describe('files that the command line names', () => {
  let given: AuthenticationSettings;

  beforeEach(async () => {
    given = { clientCa: cas[0] };
    publish(settings(cas[2], cas[1]));
    await start({}, { rotating: () => given });
    changes = [];
  });

  test('rotate, which connections hear of, too', () => {
    given = { clientCa: cas[2] };
    clock.advance(5_000);
    expect(changes).toEqual([[cas[2], cas[1]]]);
    expect(lookup.settings().clientCa).toBe(cas[2]);
  });

  test('that stay the same are nobody\'s business', () => {
    given = { clientCa: cas[0] };
    clock.advance(60_000);
    expect(changes).toEqual([]);
  });

  test('that the server cannot take do not replace those in use, which is logged once', () => {
    changes.push = () => { throw new Error('not with this TLS library'); };
    given = { clientCa: cas[1] };
    clock.advance(60_000);
    expect(lookup.settings().clientCa).toBe(cas[0]);
    expect(logger.lines).toEqual(['W Keeping the client CAs in use reason=not with this TLS library']);
    given = { clientCa: cas[0] };
    clock.advance(5_000);
    expect(lookup.settings().clientCa).toBe(cas[0]);
  });

  test('are looked at no more after the end', () => {
    lookup.stop();
    expect(clock.pending).toBe(0);
  });
});

test('settings whose CAs the server cannot take do not replace those in use', async () => {
  publish(settings(cas[0], cas[1]));
  await start();
  const before = lookup.settings();
  changes.push = () => { throw new Error('not with this TLS library'); };
  publish(settings(cas[2], cas[2]));
  await until(() => logger.lines.length > 0);
  expect(lookup.settings()).toEqual(before);
  expect(logger.lines).toEqual(['W The cluster does not say how to authenticate requests reason=not with this TLS library']);
});

test('is not called after the end', async () => {
  publish(settings(cas[0], cas[1]));
  await start();
  lookup.stop();
  publish(settings(cas[2], cas[2]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(changes).toHaveLength(1);
});
