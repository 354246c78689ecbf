import { ApiClient } from './api-client';
import { Kubelet } from './kubelet';
import { GARBAGE, KubeletFault } from './kubelet-fault';
import { issueCertificate } from './pki';
import { SimulatedCluster, startSimulatedCluster } from './simulated-cluster';
import { ManualClock } from '../runtime/manual-clock';

let cluster: SimulatedCluster;
let kubelet: Kubelet;
let token: string;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 3, clock: new ManualClock() });
  kubelet = cluster.kubelet('node-1');
  token = cluster.tokens.issue({ name: 'scraper', groups: ['system:masters'] });
});
afterAll(async () => cluster.stop());
afterEach(async () => kubelet.setFault());

test('serves its page to those who may get nodes/metrics, verified by the cluster\'s CA', async () => {
  const { code, body } = await scrape({ token });
  expect(code).toBe(200);
  expect(body).toMatch(/^# HELP container_cpu_usage_seconds_total /);
  expect(body.match(/^container_start_time_seconds\{/gm)).toHaveLength(4);
});

test('without a credential, with a wrong one and without the right', async () => {
  expect((await scrape({})).code).toBe(403);
  expect((await scrape({ token: 'wrong' })).code).toBe(401);
  expect((await scrape({ token: cluster.tokens.issue({ name: 'jane', groups: [] }) })).body)
    .toBe('Forbidden (user=jane, verb=get, resource=nodes, subresource(s)=[metrics])');
});

test('takes a client certificate of the cluster', async () => {
  const identity = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  expect((await scrape(identity)).code).toBe(200);
});

test.each<[KubeletFault, string | RegExp]>([
  [{ kind: 'refuse' }, /ECONNREFUSED/],
  [{ kind: 'half-page' }, /aborted|hang up|ECONNRESET/],
  [{ kind: 'certificate', problem: 'unknown-authority' }, /unable to verify|self-signed/],
  [{ kind: 'certificate', problem: 'wrong-name' }, /does not match certificate's altnames/],
  [{ kind: 'certificate', problem: 'expired' }, /expired/],
])('%j makes the request fail', async (fault, message) => {
  await kubelet.setFault(fault);
  await expect(scrape({ token })).rejects.toThrow(message);
  await kubelet.setFault();
  expect((await scrape({ token })).code).toBe(200);
});

test('a status, garbage and unasked compression are answered', async () => {
  await kubelet.setFault({ kind: 'status', code: 500 });
  expect((await scrape({ token })).code).toBe(500);
  await kubelet.setFault(GARBAGE);
  expect((await scrape({ token })).body).toContain('not metrics');
  await kubelet.setFault({ kind: 'gzip' });
  expect((await scrape({ token })).body).not.toContain('# HELP');
});

async function scrape(credential: { token?: string; certificate?: string; key?: string }) {
  const client = new ApiClient({ server: `https://${kubelet.host}:${kubelet.port}`, ca: cluster.ca.certificate, ...credential });
  return client.request('GET', '/metrics/resource').finally(() => client.close());
}
