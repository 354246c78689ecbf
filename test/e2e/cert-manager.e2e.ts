import { X509Certificate } from 'crypto';
import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { guideBlocks } from './commands';
import { eventually } from './control-plane/eventually';
import { Process } from './control-plane/process';
import { CERT_MANAGER, createCustomResourceDefinitions } from './custom-resource-definitions';
import { GitOpsEngines } from './gitops-engines';
import { PodRunner } from './pod-runner';
import { Requests } from './requests';
import { servedCertificate } from './served-certificate';
import { Shell } from './shell';
import { ServingCertificate } from '../../src';

const CHART = synthesize('cert-manager', () => ({ servingCertificate: ServingCertificate.certManager() })).server;

let cluster: Cluster;
let pods: PodRunner;
let certManager: Process;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  const { controlPlane } = cluster;
  await createCustomResourceDefinitions(controlPlane, CERT_MANAGER);
  certManager = new Process('cert-manager', process.env.CERT_MANAGER!, [controlPlane.kubeconfig('admin')], controlPlane.path('cert-manager.log'));
  pods = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
});

afterAll(async () => {
  await pods?.stop();
  await certManager?.stop();
  await cluster?.stop();
});

test('the chart alone makes cert-manager issue, its injector tell kube-apiserver, and kubectl top show figures', async () => {
  await cluster.kubectl.run('apply', '-f', CHART);
  await cluster.kubectl.run('wait', 'certificates', '--all', '-n', 'kube-system', '--for=condition=Ready', '--timeout=60s');
  for (const name of API_SERVICES) {
    await eventually(async () => {
      const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
      if (!spec.caBundle) throw new Error(`${name} has no caBundle\n${certManager.tail()}`);
    });
  }
  await cluster.kubectl.run('rollout', 'status', 'deployment/metrics-server', '-n', 'kube-system', '--timeout=120s');
  for (const name of API_SERVICES) await cluster.apiServiceAvailable(name);
  await cluster.metricsServed();
  expect(await cluster.kubectl.run('top', 'nodes', '--no-headers')).toContain(cluster.fleet.nodes[0].name);
});

test('kube-apiserver verifies: each APIService trusts the CA, and nothing skips verification', async () => {
  const ca = (await secret('metrics-server-ca'))['tls.crt'];
  for (const name of API_SERVICES) {
    const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
    expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
    expect(Buffer.from(spec.caBundle, 'base64').toString()).toBe(ca);
  }
  expect(await servedCertificate(cluster)).toBe(fingerprint((await secret('metrics-server-tls'))['tls.crt']));
});

test('a second apply changes nothing that cert-manager wrote', async () => {
  const output = await cluster.kubectl.run('apply', '-f', CHART);
  expect(output.trim().split('\n').filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
});

test.each(['three-way', 'structured-merge', 'server-side'])('Argo CD sees no drift on what cert-manager wrote: %s', async (comparison) => {
  expect(await new GitOpsEngines(cluster.controlPlane).run('argo-cd', 'drift', comparison, CHART)).toEqual([]);
});

test('an API that Helm had not verified stays so, and is verified by the command of the guide', async () => {
  const unverified = 'v1beta1.metrics.k8s.io';
  const spec = async () => (await cluster.kubectl.json('get', 'apiservice', unverified)).spec;
  const before = await caBundle();
  await cluster.kubectl.run('patch', 'apiservice', unverified, '--type=merge', '-p', '{"spec":{"caBundle":null,"insecureSkipTLSVerify":true}}');
  await cluster.kubectl.run('apply', '-f', CHART);
  expect(await spec()).toMatchObject({ insecureSkipTLSVerify: true });
  expect(await spec()).not.toHaveProperty('caBundle');

  const [command] = guideBlocks('docs/migrate-from-helm.md', '## From Helm\'s chart').flat().filter((one) => one.includes('insecureSkipTLSVerify'));
  await new Shell(cluster.controlPlane).run(command);
  await eventually(async () => expect(Buffer.from((await spec()).caBundle, 'base64').toString()).toBe(before));
  await cluster.apiServiceAvailable(unverified);
});

test('the serving certificate is renewed: caBundle stays, and no request fails', async () => {
  const before = await caBundle();
  await Requests.succeedDuring(cluster.kubectl, () => renewServingCertificate());
  expect(await caBundle()).toBe(before);
}, 120_000);

test('the CA is renewed, with its key, and the serving certificate after it: no request fails', async () => {
  const before = await caBundle();
  await Requests.succeedDuring(cluster.kubectl, async () => {
    await renew('metrics-server-ca');
    await renewServingCertificate();
    await eventually(async () => expect(await caBundle()).not.toBe(before));
  });
  const trusted = await caBundle();
  expect(trusted).toContain((await secret('metrics-server-ca'))['tls.crt'].trim());
  // This injector keeps the CA before beside the new one; with those that do not, it counts that both have one key.
  const keys = trusted.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)!
    .map((pem) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }));
  expect(new Set(keys).size).toBe(1);
}, 180_000);

/** Until the pod serves the new one; and a few seconds of requests more. */
async function renewServingCertificate(): Promise<void> {
  const before = await servedCertificate(cluster);
  const renewed = fingerprint(await renew('metrics-server-tls'));
  await eventually(async () => expect(await servedCertificate(cluster)).toBe(renewed));
  expect(renewed).not.toBe(before);
}

/** What `cmctl renew` does: a condition on the Certificate. Resolves with the new certificate. */
async function renew(name: string): Promise<string> {
  const path = `/apis/cert-manager.io/v1/namespaces/kube-system/certificates/${name}`;
  const before = (await secret(name))['tls.crt'];
  const { status } = await cluster.controlPlane.request('GET', path);
  const issuing = {
    type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'by a test', lastTransitionTime: new Date().toISOString().replace(/\..*/, 'Z'),
  };
  await cluster.controlPlane.request('PATCH', `${path}/status`, { status: { conditions: [...status.conditions, issuing] } }, 'application/merge-patch+json');
  return eventually(async () => {
    const certificate = (await secret(name))['tls.crt'];
    if (certificate === before) throw new Error(`${name} has not been renewed\n${certManager.tail()}`);
    return certificate;
  });
}

async function secret(name: string): Promise<Record<string, string>> {
  const { data } = await cluster.kubectl.json('get', 'secret', name, '-n', 'kube-system');
  return Object.fromEntries(Object.entries<string>(data).map(([key, base64]) => [key, Buffer.from(base64, 'base64').toString()]));
}

async function caBundle(): Promise<string> {
  const { spec } = await cluster.kubectl.json('get', 'apiservice', API_SERVICES[0]);
  return Buffer.from(spec.caBundle, 'base64').toString();
}

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}
