import { LoopbackKubelet, answerPage, ok } from './loopback-kubelet';
import { systemClock } from '../../../src/runtime/clock';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { PooledKubeletClient } from '../../../src/runtime/scrape/kubelet-client';
import { ScrapeOutcomes } from '../../../src/runtime/scrape/outcomes';
import { ScrapeMetrics } from '../../../src/runtime/scrape/scrape-metrics';
import { Scraper } from '../../../src/runtime/scrape/scraper';
import { MetricStore } from '../../../src/runtime/store/metric-store';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';

/** A page whose counters have moved on by half a core since the last. */
function movingPage(): (socket: { write(text: string): unknown }) => void {
  const beganMs = Date.now();
  let round = 0;
  return socket => {
    round++;
    const timestampMs = beganMs + round * 10_000;
    const labels = '{container="app",namespace="default",pod="web"}';
    socket.write(ok([
      `container_cpu_usage_seconds_total${labels} ${10 + round * 5} ${timestampMs}`,
      `container_memory_working_set_bytes${labels} 1024 ${timestampMs}`,
      `node_cpu_usage_seconds_total ${10 + round * 5} ${timestampMs}`,
      `node_memory_working_set_bytes 2048 ${timestampMs}\n`,
    ].join('\n')));
  };
}

test('one good kubelet among bad ones is scraped, stored and served, and nobody waits for the others', async () => {
  const kubelets = await Promise.all([
    LoopbackKubelet.start(undefined, movingPage()),
    LoopbackKubelet.start(undefined, () => {}),
    LoopbackKubelet.start(undefined, socket => socket.destroy()),
    LoopbackKubelet.start(undefined, socket => socket.write('\xff\x00garbage\r\n')),
    LoopbackKubelet.start(undefined, socket => socket.write(ok('node_cpu_usage_seconds_total 1\nnode_mem'))),
    LoopbackKubelet.start(undefined, socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')),
    LoopbackKubelet.start(undefined, answerPage),
  ]);
  const nodes: readonly NodeRecord[] = kubelets.map((kubelet, i) => kubelet.node(`node-${i}`));
  const outcomes = new ScrapeOutcomes();
  const store = new MetricStore({ clock: systemClock, random: Math.random, resolutionMs: 100, maxAgeMs: 60_000 });
  const scraper = new Scraper({
    env: process.env,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    nodes: { synced: true, size: nodes.length, get: (_, name) => nodes.find((node) => node.name === name), list: () => nodes },
    selector: { matches: () => true },
    client: new PooledKubeletClient({
      clock: systemClock,
      address: { preferredTypes: ['InternalIP'], port: 10250, useNodeStatusPort: true },
      tls: undefined,
      source: 'resource',
      credentials: { credentials: async () => ({}), invalidate() {} },
      requestTimeoutMs: 1500,
    }),
    sink: store,
    outcomes,
    metrics: new ScrapeMetrics(new MetricRegistry(), 100),
    resolutionMs: 100,
  });
  scraper.start();
  try {
    while (!store.ready || !outcomes.get('node-1')) await new Promise(resolve => setTimeout(resolve, 10));
    expect(store.pod('default', 'web')).toMatchObject({ windowNanoseconds: 10e9, containers: [{ name: 'app', cpuNanocores: 5e8, memoryBytes: 1024 }] });
    expect(store.node('node-0')).toMatchObject({ cpuNanocores: 5e8, memoryBytes: 2048 });
    expect(nodes.map(({ name }) => outcomes.get(name)?.failure?.reason)).toEqual([undefined, 'timeout', 'protocol', 'protocol', 'parse', 'too-large', undefined]);
    for (const { name } of nodes.slice(1)) expect(store.node(name)).toBeUndefined();
    expect(kubelets[0].connections).toBe(1);
  } finally {
    await scraper.stop();
    await Promise.all(kubelets.map(kubelet => kubelet.stop()));
  }
});
