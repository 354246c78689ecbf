import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { ExtensionApiServer, MetricsServer, SecretRef, ServingCertificate, Volume } from '../src';
import { argsOf, objectOf, testChart } from './synthesize';
import { WARDLE } from './wardle';

function metricsServer() {
  const chart = testChart();
  return { chart, server: new MetricsServer(chart, 'it') };
}

const podOf = (chart: Chart) => objectOf(chart, 'Deployment').spec.template.spec;

describe('every object', () => {
  test('is a field, from the construct down', () => {
    const chart = testChart();
    const server = new MetricsServer(chart, 'it', { highAvailability: true, networkPolicy: {} });
    const synthesized = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct));

    expect(synthesized.length).toBeGreaterThan(12);
    expect(reachable(server)).toEqual(new Set(synthesized));
  });

  test('takes a patch of plain JSON, with fields that nobody knows', () => {
    const chart = testChart();
    const server = new MetricsServer(chart, 'it');
    const objects = chart.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
    for (const object of objects) object.addJsonPatch(JsonPatch.add('/fieldOfTomorrow', JSON.parse('{"a":[1,null,{"b":true}]}')));
    server.server.deployment.addJsonPatch(JsonPatch.test('/spec/template/spec/containers/0/name', 'metrics-server'));

    for (const object of chart.toJson()) expect(object.fieldOfTomorrow).toEqual({ a: [1, null, { b: true }] });
  });
});

describe('addArgs', () => {
  test('adds arguments behind the others', () => {
    const { chart, server } = metricsServer();
    const before = argsOf(chart);
    server.addArgs('--v=4', '-l=a');
    server.server.addArgs('--request-timeout=2m');

    expect(argsOf(chart)).toEqual([...before, '--v=4', '-l=a', '--request-timeout=2m']);
  });

  test.each<[string, string[], RegExp]>([
    ['a flag that a property writes', ['--metric-resolution=30s'], /addArgs\[0\]: given '--metric-resolution=30s'; .*metricResolution is for/],
    ['the port', ['--v=1', '--secure-port=1'], /addArgs\[1\]: given '--secure-port=1'; .*securePort is for/],
    ['the serving certificate\'s flags', ['--tls-cert-file=/a'], /servingCertificate is for/],
    ['a flag that the image does not know', ['--bogus'], /addArgs\[0\]: given '--bogus'; allowed: flags of the companion image/],
    ['flag and value in two elements', ['--v', '4'], /addArgs\[1\]: given '4'; .*write --v=4/],
    ['a flag that is set already', ['--request-timeout=1m'], /addArgs\[0\]: given '--request-timeout=1m'; allowed: flags that are not set yet; the server has --request-timeout=2m/],
    ['what is no text', [4 as any], /addArgs\[0\]: given 4; allowed: text/],
  ])('refuses %s, on either construct', (_, args, message) => {
    const { chart, server } = metricsServer();
    server.addArgs('--request-timeout=2m');
    const before = argsOf(chart);

    expect(() => server.addArgs(...args)).toThrow(message);
    expect(() => server.server.addArgs(...args)).toThrow(message);
    expect(argsOf(chart)).toEqual(before);
  });

  test('of a server of one\'s own gives a flag its several values in one call', () => {
    const chart = testChart();
    const server = new ExtensionApiServer(chart, 'it', { ...WARDLE, securePort: 443, servingCertificate: ServingCertificate.fromSecret({ name: 'a' }) });
    server.addArgs('--allow=a', '--allow=b');

    expect(argsOf(chart).slice(-2)).toEqual(['--allow=a', '--allow=b']);
    expect(() => server.addArgs('--allow=c')).toThrow(/the server has --allow=b already/);
    expect(() => server.addArgs('--secure-port=444')).toThrow(/securePort is for/);
  });

  test('gives a server its first arguments', () => {
    const chart = testChart();
    const server = new MetricsServer(chart, 'it');
    server.server.deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/args/-', '--patched'));
    server.addArgs('--v=1');

    expect(argsOf(chart).slice(-2)).toEqual(['--v=1', '--patched']);
  });
});

describe('addVolume', () => {
  test('adds a volume and its mounts', () => {
    const { chart, server } = metricsServer();
    server.addVolume(Volume.secret('ca', SecretRef.fromName('ca')), { mountPath: '/ca', readOnly: true }, { mountPath: '/etc/ssl', subPath: 'ssl' });
    server.server.addVolume(Volume.emptyDir('cache'));

    expect(podOf(chart).volumes.slice(1)).toEqual([{ name: 'ca', secret: { secretName: 'ca' } }, { name: 'cache', emptyDir: {} }]);
    expect(podOf(chart).containers[0].volumeMounts.slice(1)).toEqual([
      { name: 'ca', mountPath: '/ca', readOnly: true }, { name: 'ca', mountPath: '/etc/ssl', subPath: 'ssl' },
    ]);
  });

  test('refuses what is none, and what the pod has already', () => {
    const { chart, server } = metricsServer();
    expect(() => server.addVolume({ name: 'a', emptyDir: {} } as any)).toThrow(/volume: given .*; allowed: what Volume\.configMap\(\)/);
    expect(() => server.addVolume(Volume.emptyDir('a'), { mountPath: 'a' })).toThrow(/mounts\[0\]\.mountPath: given 'a'/);
    server.addVolume(Volume.emptyDir('tmp-dir'), { mountPath: '/tmp' });

    expect(() => chart.toJson()).toThrow(/volumes: given 'tmp-dir'; allowed: each name once/);
    expect(() => chart.toJson()).toThrow(/volumeMounts of container metrics-server: given '\/tmp'/);
  });
});

describe('addContainer and addInitContainer', () => {
  const PROXY = JSON.parse('{"name":"proxy","image":"proxy:1","volumeMounts":[{"name":"tmp-dir","mountPath":"/tmp"}],"fieldOfTomorrow":{"a":1}}');
  const INIT = { name: 'wait', image: 'wait:1', restartPolicy: 'Always' };

  test('pass containers on as they are, beside the server and the nanny', () => {
    const { chart, server } = metricsServer();
    server.server.addNanny();
    server.addContainer(PROXY);
    server.addInitContainer(INIT);

    expect(podOf(chart).containers.map(({ name }: { name: string }) => name)).toEqual(['metrics-server', 'proxy', 'metrics-server-nanny']);
    expect(podOf(chart).containers[1]).toEqual(PROXY);
    expect(podOf(chart).initContainers).toEqual([INIT]);
  });

  test('leave no trace when they are not used', () => {
    expect(podOf(metricsServer().chart)).not.toHaveProperty('initContainers');
  });

  test.each<[string, any, RegExp]>([
    ['null', null, /container: given null; allowed: an object with name and image/],
    ['no name', { image: 'a' }, /container\.name: given undefined/],
    ['no image', { name: 'a' }, /container\.image: given undefined/],
    ['what YAML cannot say', { name: 'a', image: 'a', ports: [{ containerPort: 1n }] }, /container\.ports\[0\]\.containerPort: given 1n; allowed: text, numbers/],
    ['a name in capitals', { name: 'Proxy', image: 'a' }, /container\.name: given 'Proxy'/],
  ])('refuse %s', (_, container, message) => {
    const { server } = metricsServer();
    expect(() => server.addContainer(container)).toThrow(message);
    expect(() => server.addInitContainer(container)).toThrow(message);
  });

  test.each<[string, object, RegExp]>([
    ['the name of another', { name: 'metrics-server', image: 'a' }, /containers: given 'metrics-server'; allowed: each name once/],
    ['a mount without a volume', { name: 'a', image: 'a', volumeMounts: [{ name: 'b', mountPath: '/b' }] }, /volumeMounts of container a: given 'b'; allowed: tmp-dir/],
  ])('are refused at synth with %s', (_, container, message) => {
    for (const add of ['addContainer', 'addInitContainer'] as const) {
      const { chart, server } = metricsServer();
      server[add](container);
      expect(() => chart.toJson()).toThrow(message);
    }
  });

  test('may mount a volume that a patch adds', () => {
    const { chart, server } = metricsServer();
    server.addContainer({ name: 'a', image: 'a', volumeMounts: [{ name: 'patched', mountPath: '/b' }] });
    server.server.deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/volumes/-', { name: 'patched', emptyDir: {} }));

    expect(() => chart.toJson()).not.toThrow();
  });
});

/** Objects that a construct's fields hold, and those that its constructs' fields hold. */
function reachable(construct: Construct, seen = new Set<unknown>()): Set<unknown> {
  const fields = Object.entries(construct).filter(([name]) => name !== 'node').flatMap(([, value]) => value);
  const constructs = fields.filter((value) => Construct.isConstruct(value) && value.node.scopes.includes(construct)) as Construct[];
  return new Set(constructs.flatMap((field) => {
    if (ApiObject.isApiObject(field)) return [field];
    if (seen.has(field)) return [];
    seen.add(field);
    return [...reachable(field, seen)];
  }));
}
