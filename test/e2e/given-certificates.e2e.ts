import { X509Certificate } from 'crypto';
import { readFileSync } from 'fs';
import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { PodRunner } from './pod-runner';
import { Requests } from './requests';
import { servedCertificate } from './served-certificate';
import { KubeletAccess, SecretRef, ServingCertificate, Volume } from '../../src';
import { createCertificateAuthority, Identity, issueCertificate } from '../simulated-cluster/pki';

const SERVING = 'given-serving';
const KUBELET_CLIENT = 'given-kubelet-client';
const READER = 'metrics-reader';
const SUCCESSOR = 'metrics-reader-successor';

/** `--metric-resolution`, unless told otherwise. */
const RESOLUTION_MS = 15_000;

let cluster: Cluster;
let pods: PodRunner;
let servingCa: Identity;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  servingCa = await createCertificateAuthority('company-ca');
});

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
});

test('a serving certificate and a client certificate for kubelets, each from a Secret, are all that kubectl top needs', async () => {
  await write('create', SERVING, await servingCertificate());
  await write('create', KUBELET_CLIENT, await clientCertificate(READER));
  await cluster.kubectl.run('create', 'clusterrole', READER, '--verb=get', '--resource=nodes/metrics');
  await cluster.kubectl.run('create', 'clusterrolebinding', READER, `--clusterrole=${READER}`, `--user=${READER}`);
  await apply(ServingCertificate.fromSecret(SecretRef.fromName(SERVING), { caBundle: servingCa.certificate }));
  pods = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
  for (const name of API_SERVICES) await cluster.apiServiceAvailable(name);
  await cluster.metricsServed();
  expect(await cluster.kubectl.run('top', 'nodes', '--no-headers')).toContain(cluster.fleet.nodes[0].name);
}, 180_000);

test('the ServiceAccount may not read kubelets: their client certificate does', async () => {
  const { stdout } = await cluster.kubectl.try('auth', 'can-i', 'get', 'nodes/metrics', '--as=system:serviceaccount:kube-system:metrics-server');
  expect(stdout.trim()).toBe('no');
});

test('a replaced serving certificate is taken over, and no request fails', replaceServingCertificate);

test('a replaced client certificate is taken over, also when the one before may no longer read kubelets', async () => {
  await write('replace', KUBELET_CLIENT, await clientCertificate(SUCCESSOR));
  await cluster.kubectl.run('create', 'clusterrolebinding', SUCCESSOR, `--clusterrole=${READER}`, `--user=${SUCCESSOR}`);
  await cluster.kubectl.run('delete', 'clusterrolebinding', READER);
  const replacedMs = Date.now();
  await eventually(async () => {
    const [node] = await cluster.metrics('nodes');
    if (Date.parse(node.timestamp) < replacedMs + RESOLUTION_MS) throw new Error(`figures of ${node.timestamp}\n${cluster.runtime.tail()}`);
  });
}, 90_000);

describe('with the serving certificate in files of other names', () => {
  const directory = '/certificates';

  test('the server applied again serves it, and no request fails', async () => {
    await Requests.succeedDuring(cluster.kubectl, async () => {
      await apply(ServingCertificate.fromFiles({
        certificate: `${directory}/serving.pem`,
        privateKey: `${directory}/serving-key.pem`,
        volume: Volume.secret('certificates', SecretRef.fromName(SERVING), { items: { 'tls.crt': 'serving.pem', 'tls.key': 'serving-key.pem' } }),
        caBundle: servingCa.certificate,
      }));
      await cluster.kubectl.run('rollout', 'status', 'deployment/metrics-server', '-n', 'kube-system', '--timeout=120s');
    });
    for (const name of API_SERVICES) await cluster.apiServiceAvailable(name);
    expect(await cluster.kubectl.run('top', 'nodes', '--no-headers')).toContain(cluster.fleet.nodes[0].name);
  }, 180_000);

  test('a replaced one is taken over, and no request fails', replaceServingCertificate);
});

async function apply(certificate: ServingCertificate): Promise<void> {
  await cluster.kubectl.run('apply', '-f', synthesize('given', () => ({
    servingCertificate: certificate,
    kubeletAccess: KubeletAccess.clientCertificate(SecretRef.fromName(KUBELET_CLIENT)),
  })).server);
}

async function replaceServingCertificate(): Promise<void> {
  const next = await servingCertificate();
  await Requests.succeedDuring(cluster.kubectl, async () => {
    await write('replace', SERVING, next);
    await eventually(async () => expect(await servedCertificate(cluster)).toBe(new X509Certificate(next.certificate).fingerprint256));
  });
}

function servingCertificate(): Promise<Identity> {
  return issueCertificate(servingCa, { commonName: 'metrics-server', dnsNames: ['metrics-server.kube-system.svc'], usages: ['server'] });
}

function clientCertificate(commonName: string): Promise<Identity> {
  const { caFile } = cluster.controlPlane;
  const ca = { certificate: readFileSync(caFile, 'utf8'), key: readFileSync(caFile.replace(/crt$/, 'key'), 'utf8') };
  return issueCertificate(ca, { commonName, usages: ['client'] });
}

async function write(how: 'create' | 'replace', name: string, { certificate, key }: Identity): Promise<void> {
  const path = '/api/v1/namespaces/kube-system/secrets';
  await cluster.controlPlane.request(how === 'create' ? 'POST' : 'PUT', how === 'create' ? path : `${path}/${name}`, {
    apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name }, stringData: { 'tls.crt': certificate, 'tls.key': key },
  });
}
