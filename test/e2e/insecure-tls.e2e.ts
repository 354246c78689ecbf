import { copyFileSync } from 'fs';
import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { guideBlocks } from './commands';
import { eventually } from './control-plane/eventually';
import { PodRunner } from './pod-runner';
import { PROBE_PERIOD_MS, Requests } from './requests';
import { Shell } from './shell';
import { ServingCertificate } from '../../src';

const UPSTREAM = 'test/golden/manifests/upstream/metrics-server-v0.9.0/components.yaml';
const OURS = synthesize('ours', () => ({})).server;
const INSECURE = synthesize('insecure', () => ({ servingCertificate: ServingCertificate.insecureSkipTlsVerify() })).server;

let cluster: Cluster;
let pods: PodRunner;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  pods = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
});

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
});

async function trusts(): Promise<string[]> {
  const { items } = await cluster.kubectl.json('get', 'apiservices', '-l', 'k8s-app=metrics-server');
  return items.map(({ metadata, spec }: any) =>
    `${metadata.name} ${spec.caBundle ? 'verified' : spec.insecureSkipTLSVerify ? 'insecure' : 'by the system\'s roots'}`);
}

test('upstream\'s manifests, as Helm leaves them: not verified, and without kubectl\'s annotation', async () => {
  await cluster.kubectl.run('create', '-f', UPSTREAM);
  await cluster.apiServiceAvailable('v1beta1.metrics.k8s.io');
  await cluster.metricsServed();
  expect(await trusts()).toEqual(['v1beta1.metrics.k8s.io insecure']);
});

test('to ours: no request fails for longer than a probe period', becomesVerified, 240_000);

test('to insecure: kube-apiserver refuses it while our caBundle stands', async () => {
  const { code, stderr } = await cluster.kubectl.try('apply', '-f', INSECURE);
  expect(code).toBe(1);
  for (const name of API_SERVICES) {
    expect(stderr).toContain(`APIService.apiregistration.k8s.io "${name}" is invalid: spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present`);
  }
});

test('the runtime that was started insecure takes its caBundle back, and the next apply goes through', async () => {
  await eventually(async () => expect(await trusts()).toEqual(API_SERVICES.map((name) => `${name} insecure`)), 90_000);
  await eventually(() => cluster.kubectl.run('apply', '-f', INSECURE), 30_000);
  await rolledOut();
  await cluster.metricsServed();
  const again = await cluster.kubectl.run('apply', '-f', INSECURE);
  expect(again.trim().split('\n').filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
}, 180_000);

test('back to ours: no request fails for longer than a probe period', becomesVerified, 240_000);

test('to upstream\'s image, which cannot take our caBundle back: the commands of the guide do', async () => {
  const [[apply, ...commands]] = guideBlocks('docs/gitops.md', '## From ours to insecure TLS');
  const shell = new Shell(cluster.controlPlane);
  copyFileSync(UPSTREAM, shell.path('components.yaml'));
  expect(await shell.try(apply)).toMatchObject({ code: 1, stderr: expect.stringContaining('may not be true if caBundle is present') });
  await shell.run(...commands);
  expect(await trusts()).toEqual(['v1beta1.metrics.k8s.io insecure']);
  await cluster.metricsServed();
}, 180_000);

async function becomesVerified(): Promise<void> {
  await Requests.succeedDuring(cluster.kubectl, async () => {
    await cluster.kubectl.run('apply', '-f', OURS);
    await rolledOut();
    await eventually(async () => expect(await trusts()).toEqual(API_SERVICES.map((name) => `${name} verified`)), 90_000);
    await cluster.apiServiceAvailable('v1.metrics.k8s.io');
    await cluster.metricsServed();
  }, PROBE_PERIOD_MS);
}

function rolledOut(): Promise<string> {
  return cluster.kubectl.run('rollout', 'status', 'deployment/metrics-server', '-n', 'kube-system', '--timeout=120s');
}
