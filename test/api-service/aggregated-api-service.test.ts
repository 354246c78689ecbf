import { ApiObject, App, Chart } from 'cdk8s';
import { AggregatedApiService, GitOps, RuleLevel, Rules, ServiceRef } from '../../src';
import { CA_CERTIFICATE } from '../certificates';
import { objectOf, testChart } from '../synthesize';

describe('AggregatedApiService', () => {
  test('registers each group version with a Service of its own', () => {
    const chart = testChart({ namespace: 'wardle' });
    const api = new AggregatedApiService(chart, 'api', {
      name: 'wardle',
      selector: { app: 'wardle' },
      groupVersions: [
        { group: 'wardle.example.com', version: 'v1', groupPriorityMinimum: 20000, versionPriority: 1000 },
        { group: 'other.example.com', version: 'v1alpha1' },
      ],
      caBundle: CA_CERTIFICATE,
    });

    expect(api.apiServices.map(({ name }) => name)).toEqual(['v1.wardle.example.com', 'v1alpha1.other.example.com']);
    expect(objectOf(chart, 'Service').spec).toEqual({
      ports: [{ port: 443, protocol: 'TCP', targetPort: 'https', name: 'https', appProtocol: 'https' }],
      selector: { app: 'wardle' },
    });
    expect(objectOf(chart, 'APIService', 'v1.wardle.example.com')).toEqual({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.wardle.example.com' },
      spec: {
        group: 'wardle.example.com',
        version: 'v1',
        groupPriorityMinimum: 20000,
        versionPriority: 1000,
        service: { name: 'wardle', namespace: 'wardle' },
        caBundle: Buffer.from(CA_CERTIFICATE).toString('base64'),
      },
    });
  });

  test('takes a Service that exists, on any port', () => {
    const chart = testChart();
    const api = new AggregatedApiService(chart, 'api', {
      service: ServiceRef.fromName('kube-hpa'),
      namespace: 'hpa',
      servicePort: { port: 9997 },
      groupVersions: [{ group: 'custom.metrics.k8s.io', version: 'v1beta1' }],
      insecureSkipTlsVerify: true,
    });

    expect(api.service).toBeUndefined();
    expect(chart.toJson()).toHaveLength(1);
    expect(objectOf(chart, 'APIService').spec).toMatchObject({
      insecureSkipTLSVerify: true, service: { name: 'kube-hpa', namespace: 'hpa', port: 9997 },
    });
  });

  test('takes a Service that leads out of the cluster', () => {
    const chart = testChart({ namespace: 'wardle' });
    const service = new ApiObject(chart, 'service', {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'wardle' }, spec: { type: 'ExternalName', externalName: 'wardle.example.com' },
    });
    new AggregatedApiService(chart, 'api', { service, servicePort: { port: 8443 }, groupVersions: [{ group: 'wardle.example.com', version: 'v1' }] });

    expect(objectOf(chart, 'APIService').spec.service).toEqual({ name: 'wardle', namespace: 'wardle', port: 8443 });
    expect(Rules.findings(chart).filter(({ level }) => level === RuleLevel.ERROR)).toEqual([]);
  });

  test('names the port as it is told, or not at all', () => {
    const chart = testChart();
    new AggregatedApiService(chart, 'api', {
      name: 'kube-hpa',
      namespace: 'kube-hpa',
      selector: { app: 'kube-hpa' },
      servicePort: { name: 'https-hpa', port: 9997, targetPort: 9998 },
      groupVersions: [{ group: 'custom.metrics.k8s.io', version: 'v1beta1' }],
    });

    expect(objectOf(chart, 'Service').spec.ports).toEqual([
      { name: 'https-hpa', appProtocol: 'https', port: 9997, protocol: 'TCP', targetPort: 9998 },
    ]);

    const plain = testChart();
    new AggregatedApiService(plain, 'api', {
      name: 'a', namespace: 'a', selector: { app: 'a' }, servicePort: { name: '', appProtocol: '' }, groupVersions: [{ group: 'a.example.com', version: 'v1' }],
    });
    expect(objectOf(plain, 'Service').spec.ports).toEqual([{ port: 443, protocol: 'TCP', targetPort: 'https' }]);
  });

  test('keeps name and protocol of a port with another number', () => {
    const chart = testChart();
    new AggregatedApiService(chart, 'api', {
      name: 'a', namespace: 'a', selector: { app: 'a' }, servicePort: { port: 8443 }, groupVersions: [{ group: 'a.example.com', version: 'v1' }],
    });

    expect(objectOf(chart, 'Service').spec.ports).toEqual([{ name: 'https', appProtocol: 'https', port: 8443, protocol: 'TCP', targetPort: 'https' }]);
  });

  test('may stand in each chart of an app, for as many clusters', () => {
    const app = new App();
    const synthesized = ['east', 'west'].map((cluster) => {
      const chart = new Chart(app, cluster);
      new AggregatedApiService(chart, 'api', { service: ServiceRef.fromName('a'), namespace: 'a', groupVersions: [{ group: 'a.example.com', version: 'v1' }] });
      return chart;
    });

    expect(() => app.synthYaml()).not.toThrow();
    expect(synthesized.map((chart) => objectOf(chart, 'APIService').metadata.name)).toEqual(['v1.a.example.com', 'v1.a.example.com']);
  });

  test.each<[string, (app: App, chart: Chart) => { gitOps?: GitOps }]>([
    ['in its chart', () => ({})],
    ['in the chart of a server whose APIServices are in another', (app) => ({ gitOps: GitOps.flux(new Chart(app, 'apis')) })],
  ])('refuses another owner of its group version %s, whoever wrote it', (_, props) => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    new AggregatedApiService(chart, 'api', {
      service: ServiceRef.fromName('a'), namespace: 'a', groupVersions: [{ group: 'a.example.com', version: 'v1' }], ...props(app, chart),
    });
    new ApiObject(chart, 'other', { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.a.example.com' } });

    expect(() => app.synthYaml()).toThrow('groupVersions: given \'v1.a.example.com, which chart/other registers as well\'; allowed: one APIService for a group version');
  });

  test('warns of another owner in another chart of the app, unless someone says that it is for another cluster', () => {
    const app = new App();
    const [, west] = ['east', 'west'].map((cluster) => new AggregatedApiService(new Chart(app, cluster), 'api', {
      service: ServiceRef.fromName(`server-of-${cluster}`), namespace: 'a', groupVersions: [{ group: 'a.example.com', version: 'v1' }],
    }));
    const twice = () => Rules.findings(app).filter(({ ruleId }) => ruleId === 'api-service-twice').map(({ level, constructPath }) => [level, constructPath]);

    expect(twice()).toEqual([[RuleLevel.WARNING, west.apiServices[0].node.path]]);
    Rules.acknowledge(west, 'api-service-twice', 'another cluster');
    expect(twice()).toEqual([]);
  });

  test('refuses hints for APIServices that are made elsewhere', () => {
    const api = (props: object) => () => new AggregatedApiService(testChart({ namespace: 'wardle' }), 'api', {
      name: 'a', selector: { app: 'a' }, groupVersions: [{ group: 'a.example.com', version: 'v1' }], apiServices: false, ...props,
    });

    expect(api({ gitOps: GitOps.argoCd() })).toThrow('[test/api] gitOps: given \'one beside apiServices: false\'; allowed: none where apiServices is false');
    expect(api({ apiServiceAnnotations: { a: 'b' } })).toThrow('apiServiceAnnotations: given {"a":"b"}; allowed: none where apiServices is false');
  });

  test('says neither caBundle nor insecureSkipTLSVerify when it is told neither', () => {
    const chart = testChart();
    new AggregatedApiService(chart, 'api', {
      service: ServiceRef.fromName('a'), namespace: 'a', groupVersions: [{ group: 'a.example.com', version: 'v1' }], insecureSkipTlsVerify: false,
    });

    expect(Object.keys(objectOf(chart, 'APIService').spec)).toEqual(['group', 'groupPriorityMinimum', 'service', 'version', 'versionPriority']);
  });
});
