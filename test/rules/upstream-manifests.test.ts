import { judge } from '../../src/rules/_judge';
import { readManifests } from '../golden/compare-manifests';

describe('manifests that others wrote', () => {
  test.each([
    ['metrics-server-v0.9.0/components.yaml', ['insecure-tls', 'single-replica']],
    ['metrics-server-v0.9.0/high-availability-1.21+.yaml', ['insecure-tls']],
    ['metrics-server-v0.9.0/autoscale.yaml', ['insecure-tls', 'nanny-metric-hidden']],
    ['metrics-server-v0.3.6', ['insecure-tls', 'no-linux-node-selector', 'single-replica']],
  ])('%s: what is known to be wrong with it is found, and nothing else', (manifests, ids) => {
    expect(judge(readManifests(`upstream/${manifests}`)).map(({ rule }) => rule.id).sort()).toEqual(ids);
  });

  test('our default chart: one replica', () => {
    expect(judge(readManifests('default.yaml')).map(({ rule }) => rule.id)).toEqual(['single-replica']);
  });
});
