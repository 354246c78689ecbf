import * as fs from 'fs';
import * as path from 'path';
import { ApiObject, Duration } from 'cdk8s';
import { parse } from 'yaml';
import { programOf, runCli } from './cli/run-cli';
import { Manifest, readManifests } from './golden/compare-manifests';
import { argsOf, objectOf, testChart } from './synthesize';
import * as library from '../src';
import { releaseOf } from '../src/cli/from-helm/chart';
import { chartDefaults } from '../src/cli/from-helm/mappings';
import { translate } from '../src/cli/from-helm/translate';
import { TRAPS } from '../src/cli/from-helm/traps';
import { Values } from '../src/cli/from-helm/values';
import { evaluate } from '../src/cli/typescript/evaluate';

const WITH_SECRET = fs.readFileSync(path.join(__dirname, 'golden', 'from-helm', 'existing-secret.yaml'), 'utf8');

const CA = parse(WITH_SECRET).apiService.caBundle;
const ALLOWED = '--authorization-always-allow-paths';

/** What values change in the chart's rendering. */
interface Edits {
  readonly args?: readonly string[];
  /** Fields of the pod. */
  readonly pod?: object;
  readonly caBundle?: string;
  /** Without `insecureSkipTLSVerify`. */
  readonly verified?: boolean;
  /** Rules of the server's ClusterRole. */
  readonly rights?: readonly object[];
}

/** What the values become. */
function moved(values: string) {
  const all = new Values(chartDefaults(), [{ values: parse(values) ?? {}, locate: () => undefined }]);
  const { properties } = translate(all, releaseOf({ name: 'metrics-server', namespace: 'kube-system' }, all));
  const chart = testChart();
  new library.MetricsServer(chart, 'metrics-server', evaluate(Object.fromEntries(properties), { ...library, Duration }));
  return chart;
}

/** Each trap of Helm's chart: values that step into it, values that do not, and what they become. */
const TRAPPED: Record<string, { readonly into: string; readonly past: string; readonly instead: () => void }> = {
  '`/metrics` in the always-allowed paths removes those of the probes': {
    into: 'metrics: { enabled: true }',
    past: 'metrics: { enabled: false }',
    instead: () => {
      expect(argsOf(moved('metrics: { enabled: true }')).join()).not.toContain('always-allow');
      // Who opens /metrics keeps it open, and the probes with it.
      expect(argsOf(moved('args: [--authorization-always-allow-paths=/metrics]'))).toContain('--authorization-always-allow-paths=/healthz,/livez,/readyz,/metrics');
    },
  },
  '`caBundle` beside `insecureSkipTLSVerify`': {
    into: 'tls: { type: cert-manager }',
    past: 'tls: { type: cert-manager }\napiService: { insecureSkipTLSVerify: false }',
    instead: () => {
      for (const type of ['cert-manager', 'helm']) expect(objectOf(moved(`tls: { type: ${type} }`), 'APIService', 'v1beta1.metrics.k8s.io').spec).not.toHaveProperty('insecureSkipTLSVerify');
    },
  },
  'a certificate that expires unnoticed': {
    into: 'tls: { type: helm }',
    past: 'tls: { type: cert-manager }',
    instead: () => expect(argsOf(moved('tls: { type: helm }'))).toContain('--self-managed-cert-service=kube-system/metrics-server'),
  },
  '`hostNetwork` on the kubelet\'s port, and without its DNS policy': {
    into: 'hostNetwork: { enabled: true }',
    past: 'hostNetwork: { enabled: false }',
    instead: () => {
      const { spec } = objectOf(moved('hostNetwork: { enabled: true }'), 'Deployment').spec.template;
      expect(spec).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', containers: [{ ports: [{ containerPort: 4443 }] }] });
    },
  },
  'no node selector for Linux': {
    into: 'nodeSelector: { pool: system }',
    past: 'nodeSelector: { kubernetes.io/os: linux }',
    instead: () => {
      const nodeSelector = (values: string) => objectOf(moved(values), 'Deployment').spec.template.spec.nodeSelector;
      expect(nodeSelector('')).toEqual({ 'kubernetes.io/os': 'linux' });
      expect(nodeSelector('nodeSelector: { pool: system }')).toEqual({ 'kubernetes.io/os': 'linux', 'pool': 'system' });
    },
  },
  'every ConfigMap of the cluster can be read': {
    into: '{}',
    past: 'rbac: { create: false }',
    instead: () => expect(JSON.stringify(objectOf(moved(''), 'ClusterRole', 'system:metrics-server'))).not.toMatch(/configmaps|namespaces"/),
  },
  'a ServiceMonitor without authorization': {
    into: 'metrics: { enabled: true }\nserviceMonitor: { enabled: true }',
    past: 'metrics: { enabled: true }',
    instead: () => {
      const chart = moved('metrics: { enabled: true }\nserviceMonitor: { enabled: true }');
      const [{ authorization }] = objectOf(chart, 'ServiceMonitor').spec.endpoints;
      expect(objectOf(chart, 'Secret', authorization.credentials.name).type).toBe('kubernetes.io/service-account-token');
      expect(chart.toJson()).toContainEqual(expect.objectContaining({ kind: 'ClusterRole', rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] }));
    },
  },
  'a `caBundle` that is never filled': {
    into: 'tls: { type: existingSecret, existingSecret: { name: tls } }',
    past: WITH_SECRET,
    instead: () => {
      const { caBundle } = objectOf(moved(WITH_SECRET), 'APIService').spec;
      expect(Buffer.from(caBundle, 'base64').toString().trim()).toBe(parse(WITH_SECRET).apiService.caBundle.trim());
      // Without the CA nothing can be verified, and from-helm says so.
      const { code, errors } = runCli(['from-helm', '-'], { '-': 'tls: { type: existingSecret, existingSecret: { name: tls } }' });
      expect(code).toBe(1);
      expect(errors).toEqual([expect.stringContaining('do not hold the CA')]);
    },
  },
};

test('every trap of the chart is gone through', () => {
  expect(Object.keys(TRAPPED)).toEqual(TRAPS.map(({ title }) => title));
});

describe.each(TRAPS)('$title', ({ title, chart, rules }) => {
  const { into, past, instead } = TRAPPED[title];
  const says = (values: string) => programOf(values).replace(/\n *\/\/ /g, ' ').includes(chart);

  test('is commented on where the values step into it, and only there', () => {
    expect({ into: says(into), past: says(past) }).toEqual({ into: true, past: false });
  });

  test('is not in what they become', () => {
    instead();
    expect(library.Rules.findings(moved(into)).filter(({ ruleId }) => rules.includes(ruleId))).toEqual([]);
  });
});

/** What the chart renders with a trap, and the same without it. */
const RENDERED: Record<string, { readonly into: Manifest[]; readonly past: Manifest[] }> = {
  '`/metrics` in the always-allowed paths removes those of the probes': { into: rendered({ args: [`${ALLOWED}=/metrics`] }), past: rendered() },
  '`caBundle` beside `insecureSkipTLSVerify`': { into: rendered({ caBundle: CA }), past: rendered() },
  'a certificate that expires unnoticed': { into: rendered(), past: rendered() },
  '`hostNetwork` on the kubelet\'s port, and without its DNS policy': { into: rendered({ pod: { hostNetwork: true } }), past: rendered() },
  'no node selector for Linux': { into: rendered(), past: rendered({ pod: { nodeSelector: { 'kubernetes.io/os': 'linux' } } }) },
  'every ConfigMap of the cluster can be read': { into: rendered(), past: rendered({ rights: [] }) },
  'a ServiceMonitor without authorization': {
    into: [...rendered({ args: [`${ALLOWED}=/healthz,/livez,/readyz,/metrics`] }), ...serviceMonitors()],
    past: [...rendered(), ...serviceMonitors()],
  },
  'a `caBundle` that is never filled': { into: rendered({ verified: true }), past: rendered({ verified: true, caBundle: CA }) },
};

test.each(TRAPS)('in what the chart renders, exactly the named rules find $title', ({ title, rules }) => {
  const { into, past } = RENDERED[title];
  const allowed = rulesFor(past);

  expect(rulesFor(into).filter((id) => !allowed.includes(id))).toEqual([...rules].sort());
});

test('the renderings of the chart show the traps that they step into', () => {
  const shows = (name: string, rules: readonly string[]) => rules.length > 0 && rules.every((id) => rulesFor(chartManifests(name)).includes(id));
  const steppedInto = (name: string) => TRAPS.filter(({ rules }) => shows(name, rules));
  const always = ['no node selector for Linux', 'every ConfigMap of the cluster can be read'];

  expect(steppedInto('default').map(({ title }) => title)).toEqual(always);
  expect(steppedInto('service-monitor').map(({ title }) => title))
    .toEqual(['`/metrics` in the always-allowed paths removes those of the probes', ...always, 'a ServiceMonitor without authorization']);
});

function chartManifests(name: string): Manifest[] {
  return readManifests(`helm-chart-3.13.1/${name}.yaml`);
}

function serviceMonitors(): Manifest[] {
  return chartManifests('service-monitor').filter(({ kind }) => kind === 'ServiceMonitor');
}

/** The chart's default rendering, with what values make of it. */
function rendered({ args = [], pod = {}, caBundle, verified, rights }: Edits = {}): Manifest[] {
  const objects = chartManifests('default');
  const one = (kind: string, name?: string) => objects.find((object) => object.kind === kind && (!name || object.metadata.name === name))!;
  const { spec } = one('Deployment').spec.template;
  Object.assign(spec, pod);
  spec.containers[0].args.push(...args);
  if (rights) Object.assign(one('ClusterRole', 'system:metrics-server'), { rules: rights });
  if (verified) delete one('APIService').spec.insecureSkipTLSVerify;
  if (caBundle) one('APIService').spec.caBundle = Buffer.from(caBundle).toString('base64');
  return objects;
}

function rulesFor(objects: readonly Manifest[]): string[] {
  const chart = testChart();
  objects.forEach((object, i) => new ApiObject(chart, `${i}`, object as any));
  return [...new Set(library.Rules.findings(chart).map(({ ruleId }) => ruleId))].sort();
}
