import { FakeApiServer, until } from './fake-api-server';
import { configFor } from './fixtures';
import { ApiClients } from '../../../src/runtime/cluster/api-clients';
import { ClusterConfig } from '../../../src/runtime/cluster/cluster-config';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';

let server: FakeApiServer;
let config: ClusterConfig;
let clients: ApiClients;

beforeEach(async () => {
  server = new FakeApiServer();
  config = configFor(await server.listen());
  clients = new ApiClients({ clock: new ManualClock(), userAgent: 'test', registry: new MetricRegistry() });
});

afterEach(async () => {
  clients.close();
  await server.close();
});

test('who is the same to an API server shares its connections', () => {
  expect(clients.of(config)).toBe(clients.of(config));
  expect(clients.forReviews(config)).toBe(clients.forReviews(config));
  expect(clients.of(configFor(config.server))).not.toBe(clients.of(config));
});

test('reviews are answered while everything else hangs, however much of it there is', async () => {
  const isPods = ({ pathname }: URL) => pathname === '/pods';
  for (let index = 0; index < 128; index++) server.next('hang', isPods);
  const hanging = Array.from({ length: 200 }, () => clients.of(config).request({ path: '/pods' }).catch(String));
  await until(() => server.requests.length === 128);
  await clients.forReviews(config).request({ method: 'POST', path: '/reviews', body: {} });
  clients.close();
  await Promise.all(hanging);
});

test('closing ends what runs on all of them', async () => {
  server.next('hang');
  server.next('hang');
  const asked = [clients.of(config), clients.forReviews(config)].map((client) => client.request({ path: '/pods' }));
  await until(() => server.requests.length === 2);
  clients.close();
  await Promise.all(asked.map((one) => expect(one).rejects.toThrow()));
});
