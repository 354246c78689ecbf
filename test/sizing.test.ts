import { Image, MetricsServer, MetricsServerProps, NannyEstimator, ServingCertificate, Sizing } from '../src';
import { objectOf, testChart } from './synthesize';
import { quantityValue } from '../src/_quantity';

const UPSTREAM = { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };

function containersOf(props: MetricsServerProps) {
  const chart = testChart();
  const { nanny } = new MetricsServer(chart, 'ms', props);
  return { containers: objectOf(chart, 'Deployment').spec.template.spec.containers, nanny };
}

function memoryMb(props: MetricsServerProps): number {
  return quantityValue(containersOf(props).containers[0].resources.requests.memory)! / 1e6;
}

describe('Sizing.forNodes', () => {
  test.each<[string, MetricsServerProps, number, number | undefined, string, string]>([
    ['ours', {}, 10, undefined, '52m', '280Mi'],
    ['ours', {}, 100, undefined, '67m', '300Mi'],
    ['ours', {}, 100, 110, '71m', '360Mi'],
    ['ours', {}, 1000, undefined, '215m', '570Mi'],
    ['metrics-server', UPSTREAM, 100, 70, '79m', '220Mi'],
    ['metrics-server', UPSTREAM, 1000, undefined, '260m', '680Mi'],
    ['metrics-server', UPSTREAM, 5000, undefined, '1100m', '3070Mi'],
  ])('asks for what %s needs: %j, %i nodes with %s pods each', (_, props, nodes, pods, cpu, memory) => {
    const { containers: [{ resources }] } = containersOf({ ...props, sizing: Sizing.forNodes(nodes, pods) });

    // No limits: see docs/sizing.md.
    expect(resources).toEqual({ requests: { cpu, memory } });
  });

  /** Peaks after ten lists of all pods at once; docs/sizing.md has them. */
  test.each([[10, 30, 212], [100, 30, 283], [100, 110, 339], [1000, 30, 532]])('covers what was measured at %i nodes of %i pods: %i MB', (nodes, pods, peakMb) => {
    expect(memoryMb({ sizing: Sizing.forNodes(nodes, pods) })).toBeGreaterThan(peakMb);
  });

  /** The largest that was measured: the references of metrics-server, after one list of all pods. */
  test.each([[100, 70, 149], [1000, 30, 554], [5000, 30, 2907]])('covers what metrics-server took at %i nodes of %i pods: %i MB', (nodes, pods, mb) => {
    expect(memoryMb({ ...UPSTREAM, sizing: Sizing.forNodes(nodes, pods) })).toBeGreaterThan(mb);
  });

  test('is overruled by resources', () => {
    const resources = { requests: { cpu: '1' } };

    expect(containersOf({ sizing: Sizing.forNodes(100), resources }).containers[0].resources).toEqual(resources);
  });
});

describe('Sizing.nanny', () => {
  test('adds a nanny in place of the container\'s own resources', () => {
    const { containers: [server, sidecar], nanny } = containersOf({
      sizing: Sizing.nanny({ memory: { base: '40Mi', perNode: '2Mi' }, estimator: NannyEstimator.linear() }),
    });

    expect(server.resources).toBeUndefined();
    expect(sidecar.command).toContain('--extra-memory=2Mi');
    expect(nanny!.estimate(30)).toEqual({ requests: { memory: '100Mi' }, limits: { memory: '100Mi' } });
  });

  test('needs no options', () => {
    expect(containersOf({ sizing: Sizing.nanny() }).containers.map(({ name }: { name: string }) => name)).toEqual(['metrics-server', 'metrics-server-nanny']);
  });

  test('is overruled by resources', () => {
    const { containers, nanny } = containersOf({ sizing: Sizing.nanny(), resources: { requests: { memory: '1Gi' } } });

    expect(containers).toHaveLength(1);
    expect(nanny).toBeUndefined();
  });
});
