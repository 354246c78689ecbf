import { API_SERVICES, Cluster } from './cluster';

/** kube-apiserver's `--requestheader-allowed-names` beside kubeadm's. */
describe.each([
  ['aggregator', ['aggregator'], 'aggregator'],
  ['empty: any name', [], 'anything'],
])('with allowed names %s', (_, allowedNames, frontProxyName) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, pods: 2, allowedNames, frontProxyName });
    await cluster.apply();
    await cluster.startRuntime();
  });

  afterAll(() => cluster?.stop());

  test('users are known and metrics are served', async () => {
    for (const name of API_SERVICES) {
      await cluster.apiServiceAvailable(name);
    }
    await cluster.metricsServed();
    expect(await cluster.kubectl.run('top', 'nodes')).toContain('node-1');
  });
});
