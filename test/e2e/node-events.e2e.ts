import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { systemClock } from '../../src/runtime/clock';
import { nodeEvents } from '../../src/runtime/scrape/node-events';
import { silentLogger } from '../../src/runtime/telemetry/logger';

let controlPlane: ControlPlane;

beforeAll(async () => { controlPlane = await ControlPlane.start({ controllers: false }); });
afterAll(() => controlPlane?.stop());

test('a real kube-apiserver takes the Events, and kubectl shows them with the node', async () => {
  await controlPlane.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1.example.com' } });
  const client = { create: (path: string, body: unknown) => controlPlane.request('POST', path, body) };
  const tell = nodeEvents({ client, clock: systemClock, random: Math.random, logger: silentLogger });
  const outcome = { node: 'node-1.example.com', address: '10.0.0.1:10250', startedMs: Date.now(), durationMs: 1 };
  tell({ ...outcome, failure: { reason: 'refused', message: 'nothing listens there' } });
  tell({ ...outcome, failure: undefined });

  const kubectl = new Kubectl(controlPlane);
  await eventually(async () => {
    const described = await kubectl.run('describe', 'node', 'node-1.example.com');
    expect(described).toMatch(/Warning +MetricsScrapeFailed .*refused at 10\.0\.0\.1:10250: nothing listens there/);
    expect(described).toMatch(/Normal +MetricsScrapeRecovered .*Metrics are read again at 10\.0\.0\.1:10250/);
  });
});
