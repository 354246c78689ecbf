import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { chartLeaves } from './chart-values';
import { compile } from './compile';
import { commentsOf, objectsOf } from './read-program';
import { runCli } from '../run-cli';

type Tree = Record<string, any>;

/** What turns parts of the chart on and off. */
const SWITCHES = [
  'addonResizer.enabled', 'metrics.enabled', 'serviceMonitor.enabled', 'podDisruptionBudget.enabled',
  'serviceAccount.create', 'rbac.create',
  'apiService.create', 'apiService.insecureSkipTLSVerify', 'tls.certManager.existingIssuer.enabled', 'hostNetwork.enabled',
];
const TLS_TYPES = ['metrics-server', 'helm', 'cert-manager', 'existingSecret'];

const switches = fc.record(Object.fromEntries(SWITCHES.map((path) => [path, fc.boolean()])));
const release = fc.tuple(fc.constantFrom(...TLS_TYPES), switches).map(([type, on]) => {
  const values: Tree = {};
  for (const [path, value] of Object.entries({ ...on, 'tls.type': type, 'tls.existingSecret.name': 'tls' })) put(values, path, value);
  return values;
});

/** Values that a leaf can have, where its default does not show its type. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  'imagePullSecrets': [[{ name: 'registry' }], ['registry']],
  'serviceAccount.secrets': [[{ name: 'token' }], ['token']],
  'apiService.caBundle': ['QUJD', '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'],
  'podSecurityContext': [{ fsGroup: 1000 }, { seccompProfile: { type: 'Localhost' } }, { windowsOptions: {} }],
  'revisionHistoryLimit': [3],
  'updateStrategy': [{ type: 'Recreate' }, { rollingUpdate: { maxUnavailable: 1 } }, { type: 'OnDelete' }],
  'podDisruptionBudget.minAvailable': [2, '50%'],
  'podDisruptionBudget.maxUnavailable': [1, '50%'],
  'podDisruptionBudget.unhealthyPodEvictionPolicy': ['AlwaysAllow'],
  'defaultArgs': [['--metric-resolution=30s'], ['--v=4', 'positional']],
  'args': [['--metric-resolution=30s'], ['--v=4'], ['--cert-dir=/certs'], ['--authorization-always-allow-paths=/metrics']],
  'serviceMonitor.relabelings': [[{ action: 'labeldrop', regex: 'pod' }]],
  'serviceMonitor.metricRelabelings': [[{ action: 'keep', sourceLabels: ['a'], regex: 'b' }]],
  'extraVolumes': [[{ name: 'more', emptyDir: {} }], [{ name: 'more', configMap: { name: 'more', optional: true } }], [{ emptyDir: {} }]],
  'extraVolumeMounts': [[{ name: 'tmp', mountPath: '/more' }], [{ name: 'none', mountPath: '/more' }]],
  'tolerations': [[{ key: 'a', operator: 'Exists' }]],
  'affinity': [{ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } } }],
  'topologySpreadConstraints': [[{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }]],
  'dnsConfig': [{ nameservers: ['192.0.2.1'] }],
  'hostUsers': [false, true],
};

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', '15s', '`${a}`\n\'"\\', 0, -1, 1.5, 7, true, false, [], {}, [null], [[]], [{}], ['--x', ''], [{ name: null }], { 'a-b': 'c' }),
  fc.jsonValue({ maxDepth: 2 }),
);

const change = fc.constantFrom(...chartLeaves()).filter(([path]) => !SWITCHES.includes(path)).chain(([path, standard]) => fc.tuple(
  fc.constant(path),
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...RIGHT[path] ?? [another(standard)]) }, { weight: 1, arbitrary: junk }),
));

/** A tree that the chart's values.yaml has, taken away or exchanged as a whole. */
const changeOfTree = fc.tuple(
  fc.constantFrom('livenessProbe', 'readinessProbe', 'livenessProbe.httpGet', 'resources.requests', 'securityContext', 'addonResizer.resources', 'tmpVolume'),
  fc.constant(null),
);
const changeInTree = fc.constantFrom<[string, unknown]>(
  ['resources.limits', { memory: '1Gi' }], ['livenessProbe.timeoutSeconds', 5], ['readinessProbe.exec', { command: ['true'] }], ['addonResizer.resources.limits.cpu', '1'],
  ['securityContext.privileged', true], ['podSecurityContext.fsGroup', 5], ['tmpVolume.emptyDir.sizeLimit', '1Gi'],
);

test('no value that was changed vanishes without a word, and every program synthesizes', () => {
  fc.assert(fc.property(release, fc.oneof({ weight: 10, arbitrary: change }, changeOfTree, changeInTree), (values, [path, value]) => {
    const changed = structuredClone(values);
    put(changed, path, value);
    const [before, after] = [values, changed].map((all) => runCli(['from-helm', '-'], { '-': stringify(all) }));
    if (after.code === 2) return expect(after.errors).toEqual([expect.stringContaining(path.split('.')[0])]);

    const added = after.errors.filter((error) => !before.errors.includes(error));
    expect(after.code).toBe(after.errors.length > 0 ? 1 : 0);
    const shows = JSON.stringify(objectsOf(after.out)) !== JSON.stringify(objectsOf(before.out));
    const isSaid = added.length > 0 || commentsOf(after.out).includes(path) || meansTheSame(path, value);
    expect({ path, value, shows: shows || isSaid }).toEqual({ path, value, shows: true });
  }), { numRuns: 120, examples: [[{}, ['securityContext.capabilities.drop', null]]] });
});

test.each([[null, 'Always'], ['', 'Always'], ['IfNotPresent', 'IfNotPresent']])('an image `latest` with the policy %p is pulled as Kubernetes would', (pullPolicy, expected) => {
  const { out } = runCli(['from-helm', '-'], { '-': stringify({ image: { tag: 'latest', pullPolicy } }) });
  expect(JSON.stringify(objectsOf(out))).toContain(`"imagePullPolicy":"${expected}"`);
});

/** Whether the chart, or Kubernetes, takes a value for what stands there without it. */
function meansTheSame(path: string, value: unknown): boolean {
  const standard = chartLeaves().get(path);
  const isEmpty = (one: unknown) => [null, '', false].includes(one as null) || JSON.stringify(one) === '{}' || JSON.stringify(one) === '[]';
  if (isEmpty(value) && isEmpty(standard)) return true;
  if (path === 'image.pullPolicy') return [null, ''].includes(value as null);
  if (value === null && /^(replicas|.*Probe\.(initialDelay|period|failure).*)$/.test(path)) return true;
  // The chart never fills in what it looks up, and takes text for a number that looks like one.
  return path === 'tls.existingSecret.lookup' || String(value) === String(standard);
}

test('every program compiles, whatever it was made from', () => {
  const programs = fc.sample(fc.tuple(release, change), 60).flatMap(([values, [path, value]]) => {
    put(values, path, value);
    const { code, out } = runCli(['from-helm', '-'], { '-': stringify(values) });
    return code === 2 ? [] : [{ name: path, text: `// ${JSON.stringify(value)}\n${out}` }];
  });
  expect(compile(programs)).toEqual([]);
  expect(compile([{ name: 'wrong', text: 'import { MetricsServerProps } from \'cdk8s-metrics-server\';\nexport const props: MetricsServerProps = { replicas: \'two\' };\n' }]))
    .toEqual([expect.stringContaining('\'string\' is not assignable')]);
});

function another(standard: unknown): unknown {
  switch (typeof standard) {
    case 'string': return 'other';
    case 'number': return standard + 1;
    case 'boolean': return !standard;
    default: return Array.isArray(standard) ? ['other'] : { 'example.com/other': 'value' };
  }
}

function put(values: Tree, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  names.reduce((tree, name) => tree[name] ??= {}, values)[last] = value;
}
