import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AggregatedApiService, GitOps, MetricsServer, Monitoring, ServiceRef } from '../../src';
import { Manifest } from '../golden/compare-manifests';
import { testChart } from '../synthesize';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** Kinds in the order in which one needs the other. */
const ORDER = ['ServiceAccount', 'Secret', 'ConfigMap', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'Service', 'NetworkPolicy', 'PodDisruptionBudget', 'Deployment', 'APIService'];

describe('the manifest', () => {
  const objects = manifest((chart) => new MetricsServer(chart, 'ms', { disruptionBudget: {}, networkPolicy: {} }).server.addNanny());

  test('grants rights before the Deployment that uses them, and registers APIs after it', () => {
    const deployment = objects.findIndex(({ kind }) => kind === 'Deployment');
    const ranks = objects.map(({ kind }) => ORDER.indexOf(kind));
    const needed = (at: number) => ranks[at] < ORDER.indexOf('Deployment') && !isReader(objects[at]);

    expect(ranks).not.toContain(-1);
    objects.forEach((object, at) => {
      if (needed(at)) expect([object.kind, object.metadata.name, at < deployment]).toEqual([object.kind, object.metadata.name, true]);
      if (object.kind === 'APIService') expect(at).toBeGreaterThan(deployment);
    });
  });

  test('names each object after those it refers to', () => {
    const seen = new Set<string>();
    for (const { kind, metadata, roleRef, subjects, spec } of objects) {
      const referred = [
        roleRef && `${roleRef.kind}/${roleRef.name}`,
        ...(subjects ?? []).map((subject: any) => `${subject.kind}/${subject.name}`),
        kind === 'APIService' && `Service/${spec.service.name}`,
        kind === 'Deployment' && `ServiceAccount/${spec.template.spec.serviceAccountName}`,
      ].filter((reference) => objects.some((object) => `${object.kind}/${object.metadata.name}` === reference));
      referred.forEach((reference) => expect(seen).toContain(reference));
      seen.add(`${kind}/${metadata.name}`);
    }
  });
});

describe('for Argo CD', () => {
  test('the APIServices are in wave 1 and nothing else is in any: applied after the server is healthy, pruned before it', () => {
    expect(waves(GitOps.argoCd())).toEqual({ APIService: '1' });
  });

  test('the wave can be a later one, where an Application has waves of its own', () => {
    expect(waves(GitOps.argoCd(7))).toEqual({ APIService: '7' });
  });

  test('what needs prometheus-operator comes last, and keeps nothing else from being applied where that is missing', () => {
    const objects = manifest((chart) => new MetricsServer(chart, 'ms', {
      gitOps: GitOps.argoCd(7), monitoring: Monitoring.serviceMonitor(), alertRules: {},
    }));
    const annotated = Object.fromEntries(objects.filter(({ metadata }) => 'argocd.argoproj.io/sync-options' in ((metadata.annotations ?? {}) as object))
      .map(({ kind, metadata }) => [kind, metadata.annotations]));
    const annotations = { [WAVE]: '8', 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' };

    expect(annotated).toEqual({ ServiceMonitor: annotations, PrometheusRule: annotations });
  });

  test('orders what monitors also where APIServices are made elsewhere', () => {
    const objects = manifest((chart) => new MetricsServer(chart, 'ms', {
      monitoring: Monitoring.serviceMonitor(), apiServices: false, gitOps: GitOps.argoCd(),
    }));

    expect(objects.find(({ kind }) => kind === 'ServiceMonitor')!.metadata.annotations).toMatchObject({ [WAVE]: '2' });
  });

  test('an AggregatedApiService alone has it too', () => {
    const objects = manifest((chart) => new AggregatedApiService(chart, 'api', {
      service: ServiceRef.fromName('wardle'), namespace: 'wardle', groupVersions: [{ group: 'wardle.example.com', version: 'v1' }], gitOps: GitOps.argoCd(),
    }));

    expect(objects.map(({ metadata }) => metadata.annotations)).toEqual([{ [WAVE]: '1' }]);
  });

  test('nobody who did not ask gets an annotation', () => {
    expect(waves(undefined)).toEqual({});
  });

  test.each([0, -1, 1.5])('wave %d is refused', (wave) => {
    expect(() => waves(GitOps.argoCd(wave))).toThrow(/\[test\/ms.*\] gitOps.apiServiceWave: given .*; allowed: a whole number, 1 or more, since wave 0 holds the server; /);
  });

  function waves(gitOps: GitOps | undefined): Record<string, string> {
    const annotated = manifest((chart) => new MetricsServer(chart, 'ms', { gitOps })).filter(({ metadata }) => metadata.annotations);
    return Object.fromEntries(annotated.map(({ kind, metadata }) => [kind, (metadata.annotations as Record<string, string>)[WAVE]]));
  }
});

describe('for Flux', () => {
  test('the APIServices are in a chart of their own that comes after the server\'s', () => {
    const app = new App();
    const chart = new Chart(app, 'metrics-server', { namespace: 'metrics' });
    const apiServices = new Chart(app, 'apis', { namespace: 'metrics' });
    const { server } = new MetricsServer(chart, 'ms', { gitOps: GitOps.flux(apiServices) });

    const objects: Manifest[] = apiServices.toJson();
    expect(objects.map(({ metadata }) => metadata)).toEqual([
      { name: 'v1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
      { name: 'v1beta1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
    ]);
    expect(objects[0].spec.service).toEqual({ name: 'metrics-server', namespace: 'metrics' });
    expect(server.aggregatedApiService.apiServices.map((one) => Chart.of(one))).toEqual([apiServices, apiServices]);
    expect(chart.toJson().map(({ kind }: Manifest) => kind)).not.toContain('APIService');
    expect(app.charts.map(({ node }) => node.id)).toEqual(['metrics-server', 'apis']);
    expect(apiServices.node.dependencies.length + server.aggregatedApiService.apiServices[0].node.dependencies.length).toBeGreaterThan(0);
  });

  test.each<[string, (chart: Chart) => any, string]>([
    ['the server\'s own chart', (chart) => chart, '\'chart test\''],
    ['a chart of another App', () => testChart(), '\'chart test\''],
    ['what is no chart', () => 'metrics-server-apis', '\'metrics-server-apis\''],
  ])('%s is refused', (_what, apiServices, given) => {
    const chart = testChart();
    expect(() => new MetricsServer(chart, 'ms', { gitOps: GitOps.flux(apiServices(chart)) })).toThrow(
      `gitOps.apiServices: given ${given}; allowed: a chart other than the server's, in the same App; to mend it, `);
  });
});

function manifest(synthesize: (chart: Chart) => Construct): Manifest[] {
  const chart = testChart();
  synthesize(chart);
  return chart.toJson() as Manifest[];
}

/** For people, not for the server. */
function isReader({ metadata }: Manifest): boolean {
  return metadata.name === 'system:aggregated-metrics-reader';
}
