import { X509Certificate } from 'crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'fs';
import { request } from 'https';
import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { guideBlocks } from './commands';
import { eventually } from './control-plane/eventually';
import { PodRunner } from './pod-runner';
import { certificateAt } from './served-certificate';
import { Shell } from './shell';
import { SteadyRequests } from './steady-requests';
import { createCertificateAuthority, issueServingCertificate } from '../../src/runtime/serving-certificate/issue';
import { KeyPair } from '../../src/runtime/serving-certificate/key-pair';
import { ownCaName } from '../../src/runtime/serving-certificate/own-ca';
import { serviceNames } from '../../src/runtime/serving-certificate/serving-names';
import { dataOf, ServingPairs } from '../../src/runtime/serving-certificate/serving-secret';
import * as pki from '../simulated-cluster/pki';

const NAMESPACE = 'kube-system';
const SECRET = 'metrics-server-serving-certificate';
const NAMES = serviceNames({ namespace: NAMESPACE, name: 'metrics-server' });
const MANIFEST = synthesize('rotation', () => ({ replicas: 2 })).server;

/** What the guide has people run: to be rid of another CA, and of a CA whose key has leaked. */
const [WITHOUT_OTHER_CA, NEW_CA] = guideBlocks('docs/rotation.md');

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a certificate that a test writes is left alone. */
const SOON_MS = 12_000;

/** The kubelet's tokens are re-read so often. */
const TOKEN_MAX_AGE_MS = MINUTE_MS;

let cluster: Cluster;
let shell: Shell;
let pods: PodRunner;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  shell = new Shell(cluster.controlPlane);
  await cluster.kubectl.run('apply', '-f', MANIFEST);
  pods = new PodRunner(cluster, NAMESPACE, 'k8s-app=metrics-server');
  await bothReady();
  for (const name of API_SERVICES) await cluster.apiServiceAvailable(name);
  await cluster.metricsServed();
}, 180_000);

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
});

const duringRequests = (act: () => Promise<void>) => SteadyRequests.succeedDuring(cluster.controlPlane, act);

describe('the self-managed certificate, of two replicas', () => {
  test('is signed by one CA, which stands in both APIServices', async () => {
    const ca = (await held()).trusted;
    expect(await caBundles()).toEqual([ca, ca]);
    const [one, other] = await Promise.all(pods.running.map(({ address }) => certificateAt(address)));
    expect(one.fingerprint256).toBe(other.fingerprint256);
    expect(one.verify(new X509Certificate(ca).publicKey)).toBe(true);
  });

  test('is renewed when it is due, in both, and no request fails', async () => {
    const { ca, trusted } = await held();
    // Valid since an hour before: a third of its life is left soon.
    const serving = await issueServingCertificate(ca, NAMES, Date.now(), 30 * MINUTE_MS + 1.5 * SOON_MS);
    await duringRequests(async () => {
      await hold({ ca, serving, trusted: [trusted] });
      await bothServe((certificate) => certificate.fingerprint256 === fingerprint(serving));
      await bothServe((certificate) => certificate.fingerprint256 !== fingerprint(serving));
    });
    expect(await caBundles()).toEqual([trusted, trusted]);
  });

  test('gets a new CA in three steps, and no request fails', async () => {
    const old = await held();
    const madeMs = Date.now() - 24 * HOUR_MS + SOON_MS;
    const ca = await createCertificateAuthority(ownCaName(madeMs), madeMs);
    const both = ca.certificate + old.trusted;
    await duringRequests(async () => {
      await hold({ ca, serving: old.serving, trusted: [both] });
      await eventually(async () => expect(await caBundles()).toEqual([both, both]));
      await bothServe((certificate) => certificate.verify(new X509Certificate(ca.certificate).publicKey));
      expect(await caBundles()).toEqual([both, both]);
      // As if a day had passed.
      await hold({ ca, serving: await issueServingCertificate(ca, NAMES, madeMs), trusted: [both] });
      await eventually(async () => expect(await caBundles()).toEqual([ca.certificate, ca.certificate]));
    });
  });

  test('with a foreign caBundle is mended', async () => {
    const { trusted } = await held();
    const caBundle = Buffer.from((await pki.createCertificateAuthority('foreign')).certificate).toString('base64');
    for (const name of API_SERVICES) await cluster.kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle } }));
    await eventually(async () => expect(await caBundles()).toEqual([trusted, trusted]));
    await eventually(() => cluster.metrics('nodes'));
  });

  test('beside another CA, as after a move, stays there alone once the commands of the guide are run, and no request fails', async () => {
    const { trusted } = await held();
    const both = trusted + (await pki.createCertificateAuthority('before')).certificate;
    const caBundle = Buffer.from(both).toString('base64');
    for (const name of API_SERVICES) await cluster.kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle } }));
    await duringRequests(async () => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(await caBundles()).toEqual([both, both]);
      await shell.run(...WITHOUT_OTHER_CA);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(await caBundles()).toEqual([trusted, trusted]);
    });
  });

  test('outlives its Secret: no request fails, and the empty one that is applied again is filled with the same CA', async () => {
    const before = await data();
    const { stdout } = await cluster.kubectl.try('auth', 'can-i', 'create', 'secrets', '-n', NAMESPACE, '--as=system:serviceaccount:kube-system:metrics-server');
    expect(stdout.trim()).toBe('no');
    await duringRequests(async () => {
      await cluster.kubectl.run('delete', 'secret', '-n', NAMESPACE, SECRET);
      await eventually(async () => {
        for (const { process, address } of pods.running) {
          expect(logged(process.log(), 'Serving on with the certificate in hand')).toEqual([expect.stringContaining(`Secret ${NAMESPACE}/${SECRET} does not exist`)]);
          expect(await ask(address, '/metrics')).toContain('metrics_server_serving_certificate_secret_present 0');
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await cluster.kubectl.run('apply', '-f', MANIFEST);
      await eventually(async () => expect(await data()).toEqual(before));
    });
    for (const { process } of pods.running) expect(logged(process.log(), 'Serving on with the certificate in hand')).toHaveLength(1);
    await eventually(async () => {
      for (const { address } of pods.running) expect(await ask(address, '/metrics')).toContain('metrics_server_serving_certificate_secret_present 1');
    });
  });

  test('a pod that starts without its Secret is not ready and names it in one line; it takes over the CA of the one that runs', async () => {
    const before = await data();
    await cluster.kubectl.run('delete', 'secret', '-n', NAMESPACE, SECRET);
    const [ended, stayed] = pods.running.map(({ name }) => name);
    await cluster.kubectl.run('delete', 'pod', '-n', NAMESPACE, ended, '--wait=false');
    const started = await eventually(() => {
      const pod = pods.running.find(({ name }) => name !== ended && name !== stayed);
      expect(logged(pod!.process.log(), 'Waiting for the serving certificate Secret')).toEqual([expect.stringContaining(`Secret ${NAMESPACE}/${SECRET} does not exist`)]);
      return pod!;
    });
    await eventually(async () => expect((await cluster.metrics('nodes'))).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect([started.ready, started.process.running]).toEqual([false, true]);
    // Nor does a failed probe say it a second time.
    expect(logged(started.process.log(), `${SECRET} does not exist`)).toHaveLength(1);
    await cluster.kubectl.run('apply', '-f', MANIFEST);
    await bothReady();
    expect(await data()).toEqual(before);
    await bothServe((certificate) => certificate.fingerprint256 === fingerprint({ certificate: decoded(before['tls.crt']) }));
  });
});

describe('what kube-apiserver says of authentication', () => {
  test('a new CA of its front proxy, then the certificate that it signs, then no more of the old: no request fails', async () => {
    const file = (name: string) => cluster.controlPlane.path(`front-proxy${name}`);
    const ca = await pki.createCertificateAuthority('front-proxy-ca-2');
    const client = await pki.issueCertificate(ca, { commonName: 'front-proxy-client', usages: ['client'] });
    const old = readFileSync(file('-ca.crt'), 'utf8');
    await duringRequests(async () => {
      writeFileSync(file('-ca.crt'), old + ca.certificate);
      await published('requestheader-client-ca-file', (pem) => pem.includes(old.trim()) && pem.includes(ca.certificate.trim()));
      writeFileSync(file('.key'), client.key);
      writeFileSync(file('.crt'), client.certificate);
      await eventually(() => expect(logged(apiserverLog(), 'Loaded a new cert/key pair" name="aggregator-proxy-cert').length).toBeGreaterThan(1), 90_000);
      writeFileSync(file('-ca.crt'), ca.certificate);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      // kube-apiserver only ever adds to what is published.
      await cluster.kubectl.run('patch', 'configmap', '-n', NAMESPACE, 'extension-apiserver-authentication', '--type=merge', '-p',
        JSON.stringify({ data: { 'requestheader-client-ca-file': ca.certificate } }));
    });
  }, 300_000);

  test('a new CA of clients: who shows a certificate of it to a pod is known', async () => {
    const ca = await pki.createCertificateAuthority('clients-2');
    const identity = await pki.issueCertificate(ca, { commonName: 'jane', organizations: ['system:masters'], usages: ['client'] });
    const [{ address }] = pods.running;
    await expect(ask(address, '/metrics', identity)).rejects.toThrow('401');
    appendFileSync(cluster.controlPlane.caFile, ca.certificate);
    await published('client-ca-file', (pem) => pem.includes(ca.certificate.trim()));
    await eventually(async () => expect(await ask(address, '/metrics', identity)).toContain('metrics_server_'));
  }, 120_000);
});

test('a token of the ServiceAccount that is replaced, and then worth nothing: kubelets are still read, and metrics answered', async () => {
  await cluster.kubectl.run('create', 'secret', 'generic', '-n', NAMESPACE, 'bound');
  await writeToken({ apiVersion: 'v1', kind: 'Secret', name: 'bound' });
  await new Promise((resolve) => setTimeout(resolve, TOKEN_MAX_AGE_MS + 2_000));
  await writeToken();
  await cluster.kubectl.run('delete', 'secret', '-n', NAMESPACE, 'bound');
  const gone = Date.now();
  await duringRequests(() => eventually(async () => {
    const [node] = await cluster.metrics('nodes');
    if (Date.parse(node.timestamp) < gone + 20_000) throw new Error(`figures of ${node.timestamp}\n${pods.tail()}`);
  }, 90_000));
}, 240_000);

test('a key of the CA that has leaked: the commands of the guide make another, and nobody trusts the old one', async () => {
  const { trusted } = await held();
  await shell.run(...NEW_CA);
  await eventually(() => {
    if (!pods.running.some(({ ready }) => ready)) throw new Error(pods.tail());
  }, 90_000);
  const { trusted: next } = await held();
  expect(next).not.toBe(trusted);
  await eventually(async () => expect(await caBundles()).toEqual([next, next]));
  await cluster.metricsServed();
}, 240_000);

async function bothReady(): Promise<void> {
  await eventually(() => {
    if (pods.running.filter(({ ready }) => ready).length !== 2) throw new Error(pods.tail());
  }, 90_000);
}

async function bothServe(isWanted: (certificate: X509Certificate) => boolean): Promise<void> {
  await eventually(async () => {
    const shown = await Promise.all(pods.running.map(({ address }) => certificateAt(address)));
    if (shown.length !== 2 || !shown.every(isWanted)) throw new Error(`${shown.map(({ issuer, validTo }) => `${issuer} until ${validTo}`)}\n${pods.tail()}`);
  });
}

function fingerprint({ certificate }: Pick<KeyPair, 'certificate'>): string {
  return new X509Certificate(certificate).fingerprint256;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

async function data(): Promise<Record<string, string>> {
  return (await cluster.kubectl.json('get', 'secret', '-n', NAMESPACE, SECRET)).data;
}

async function held(): Promise<{ ca: KeyPair; serving: KeyPair; trusted: string }> {
  const pem = await data();
  const text = (key: string) => decoded(pem[key]);
  return { ca: { certificate: text('ca.crt'), key: text('ca.key') }, serving: { certificate: text('tls.crt'), key: text('tls.key') }, trusted: text('ca.crt') };
}

async function hold(pairs: ServingPairs): Promise<void> {
  await cluster.controlPlane.request('PATCH', `/api/v1/namespaces/${NAMESPACE}/secrets/${SECRET}`, { data: dataOf(pairs) }, 'application/merge-patch+json');
}

async function caBundles(): Promise<string[]> {
  return Promise.all(API_SERVICES.map(async (name) => decoded((await cluster.kubectl.json('get', 'apiservice', name)).spec.caBundle)));
}

function logged(log: string, message: string): string[] {
  return log.split('\n').filter((line) => line.includes(message));
}

function apiserverLog(): string {
  return readFileSync(cluster.controlPlane.path('kube-apiserver.log'), 'utf8');
}

async function published(key: string, isWanted: (pem: string) => boolean): Promise<void> {
  await eventually(async () => {
    const configMap = await cluster.kubectl.json('get', 'configmap', '-n', NAMESPACE, 'extension-apiserver-authentication');
    if (!isWanted(configMap.data[key])) throw new Error(`${key}: ${configMap.data[key]}`);
  }, 90_000);
}

async function writeToken(boundObjectRef?: object): Promise<void> {
  const { status } = await cluster.controlPlane.request('POST', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/metrics-server/token`, {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600, boundObjectRef },
  });
  writeFileSync('/run/secrets/kubernetes.io/serviceaccount/token', status.token);
}

/** Asks a pod itself. */
function ask(host: string, path: string, { certificate, key }: pki.Identity = adminIdentity()): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host, port: 10250, path, cert: certificate, key, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => text += chunk).on('end', () => response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)));
    }).on('error', reject).end();
  });
}

function adminIdentity(): pki.Identity {
  const read = (extension: string) => readFileSync(cluster.controlPlane.path(`admin.${extension}`), 'utf8');
  return { certificate: read('crt'), key: read('key') };
}
