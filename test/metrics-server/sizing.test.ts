import { Image, MetricsServer, MetricsServerProps, NannyEstimator, ServingCertificate, Sizing } from '../../src';
import { quantityValue } from '../../src/validation/_quantity';
import { objectOf, testChart } from '../synthesize';

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
    ['ours', {}, 10, undefined, '52m', '180Mi'],
    ['ours', {}, 100, undefined, '67m', '200Mi'],
    ['ours', {}, 100, 110, '71m', '260Mi'],
    ['ours', {}, 1000, undefined, '215m', '410Mi'],
    ['metrics-server', UPSTREAM, 100, 70, '79m', '220Mi'],
    ['metrics-server', UPSTREAM, 1000, undefined, '260m', '680Mi'],
    ['metrics-server', UPSTREAM, 5000, undefined, '1100m', '3070Mi'],
  ])('asks for what %s needs: %j, %i nodes with %s pods each', (_, props, nodes, pods, cpu, memory) => {
    const { containers: [{ resources }] } = containersOf({ ...props, sizing: Sizing.forNodes(nodes, pods) });

    // No limits: see docs/sizing.md.
    expect(resources).toEqual({ requests: { cpu, memory } });
  });

  /** Peaks after ten lists of all pods at once; docs/sizing.md has them. */
  test.each([[10, 30, 102], [100, 30, 176], [100, 110, 233], [1000, 30, 385]])('covers what was measured at %i nodes of %i pods: %i MB', (nodes, pods, peakMb) => {
    expect(memoryMb({ sizing: Sizing.forNodes(nodes, pods) })).toBeGreaterThan(peakMb);
  });

  /** The largest that was measured: the references of metrics-server, after one list of all pods. */
  test.each([[100, 70, 149], [1000, 30, 554], [5000, 30, 2907]])('covers what metrics-server took at %i nodes of %i pods: %i MB', (nodes, pods, mb) => {
    expect(memoryMb({ ...UPSTREAM, sizing: Sizing.forNodes(nodes, pods) })).toBeGreaterThan(mb);
  });

  test.each(['v0.3.7', 'v0.5.2'])('refuses metrics-server %s, which asks kubelets for more than what was measured', (tag) => {
    expect(() => containersOf({ ...UPSTREAM, image: Image.upstream(tag), sizing: Sizing.forNodes(10) }))
      .toThrow(`sizing: given 'Sizing.forNodes() with metrics-server ${tag}'; allowed: with metrics-server v0.6.0 or newer`);
  });

  test('of 100 nodes is what ours asks for where nobody says', () => {
    expect(containersOf({}).containers[0].resources).toEqual(containersOf({ sizing: Sizing.forNodes(100) }).containers[0].resources);
    expect(containersOf(UPSTREAM).containers[0].resources).toEqual({ requests: { cpu: '100m', memory: '200Mi' } });
  });
});

describe('resources', () => {
  const resourcesOf = (props: MetricsServerProps) => containersOf(props).containers[0].resources;

  test.each<[string, MetricsServerProps, object]>([
    ['the default', {}, { requests: { cpu: '200m', memory: '200Mi' } }],
    ['what sizing says', { sizing: Sizing.forNodes(1000) }, { requests: { cpu: '200m', memory: '410Mi' } }],
    ['the image\'s', UPSTREAM, { requests: { cpu: '200m', memory: '200Mi' } }],
  ])('replace %s quantity by quantity', (_, props, expected) => {
    expect(resourcesOf({ ...props, resources: { requests: { cpu: '200m' } } })).toEqual(expected);
  });

  test('set limits beside the requests that sizing says', () => {
    expect(resourcesOf({ sizing: Sizing.forNodes(100), resources: { limits: { memory: '1Gi' } } }))
      .toEqual({ requests: { cpu: '67m', memory: '200Mi' }, limits: { memory: '1Gi' } });
  });

  test('remove a quantity by empty text, and zero asks for nothing', () => {
    expect(resourcesOf({ resources: { requests: { cpu: '' } } })).toEqual({ requests: { memory: '200Mi' } });
    expect(resourcesOf({ resources: { requests: { cpu: '', memory: '' } } })).toBeUndefined();
    expect(resourcesOf({ resources: { requests: { cpu: '0' } } })).toEqual({ requests: { cpu: '0', memory: '200Mi' } });
  });

  test('of a limit below the request that stands there by default are refused', () => {
    expect(() => resourcesOf({ resources: { limits: { memory: '100Mi' } } }))
      .toThrow('resources.limits.memory: given \'100Mi\'; allowed: 200Mi or more, since that is requested; to mend it, raise the limit or lower the request in resources.requests.memory');
  });

  test('beside a nanny are refused', () => {
    expect(() => containersOf({ sizing: Sizing.nanny(), resources: { requests: { memory: '1Gi' } } }))
      .toThrow('allowed: none beside Sizing.nanny(), which sets all of them');
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
});
