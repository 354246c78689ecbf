import * as fc from 'fast-check';
import { danglingReferences } from './dangling-references';
import { Manifest } from './golden/compare-manifests';
import { adapters, addMetricsAdapter } from './random-adapters';
import { addMetricsServer, metricsServerProps, nannyOptions } from './random-props';
import { addServers, servers } from './random-servers';
import { testChart } from './synthesize';
import { MetricsServerProps, Monitoring, ServingCertificate } from '../src';

test('any valid properties synthesize, and what is referred to is there or was given by name', () => {
  fc.assert(fc.property(metricsServerProps, nannyOptions, (given, nanny) => {
    const chart = testChart();
    addMetricsServer(chart, given, nanny);
    // That bundle is OpenShift's own.
    const madeElsewhere = [/[ /]given-/, /^ConfigMap .*\/kubelet-serving-ca-bundle$/, ...given.apiServices === false ? [/^APIService /] : []];

    const dangling = danglingReferences(chart.toJson() as Manifest[]);
    expect(dangling.filter((reference) => !madeElsewhere.some((pattern) => pattern.test(reference)))).toEqual([]);
  }), { numRuns: 200 });
});

test('so do servers of one\'s own, and each of their parts', () => {
  fc.assert(fc.property(servers, (given) => {
    const chart = testChart();
    addServers(chart, given);

    expect(danglingReferences(chart.toJson() as Manifest[]).filter((reference) => !/[ /]given-|^Pod |^pods of Service api-/.test(reference))).toEqual([]);
  }), { numRuns: 100 });
});

test('so do metrics adapters', () => {
  fc.assert(fc.property(adapters, (given) => {
    const chart = testChart();
    addMetricsAdapter(chart, given);

    expect(danglingReferences(chart.toJson() as Manifest[]).filter((reference) => !/[ /]given-/.test(reference))).toEqual([]);
  }), { numRuns: 100 });
});

const ALL: MetricsServerProps = {
  monitoring: Monitoring.serviceMonitor(), networkPolicy: {}, servingCertificate: ServingCertificate.certManager(), highAvailability: true,
};

test.each<[string, string, MetricsServerProps, (object: any) => void]>([
  ['Deployment', 'ServiceAccount kube-system/stranger', {}, (object) => { object.spec.template.spec.serviceAccountName = 'stranger'; }],
  ['Deployment', 'volume stranger', {}, (object) => { object.spec.template.spec.containers[0].volumeMounts[0].name = 'stranger'; }],
  ['Deployment', 'container port stranger', {}, (object) => { object.spec.template.spec.containers[0].readinessProbe.httpGet.port = 'stranger'; }],
  ['Deployment', 'Secret kube-system/stranger', ALL, (object) => { object.spec.template.spec.volumes[1].secret.secretName = 'stranger'; }],
  ['Service', 'pods of Service metrics-server', {}, (object) => { object.spec.selector = { app: 'stranger' }; }],
  ['Service', 'container port stranger', {}, (object) => { object.spec.ports[0].targetPort = 'stranger'; }],
  ['APIService', 'Service kube-system/stranger', {}, (object) => { object.spec.service.name = 'stranger'; }],
  ['APIService', 'port 1 of Service kube-system/metrics-server', {}, (object) => { object.spec.service.port = 1; }],
  ['APIService', 'Certificate stranger/stranger', ALL, (object) => { object.metadata.annotations['cert-manager.io/inject-ca-from'] = 'stranger/stranger'; }],
  ['ClusterRoleBinding', 'ClusterRole stranger', {}, (object) => { object.roleRef.name = 'stranger'; }],
  ['RoleBinding', 'ServiceAccount kube-system/stranger', {}, (object) => { object.subjects[0].name = 'stranger'; }],
  ['Role', 'Secret kube-system/stranger', {}, (object) => { object.rules[0].resourceNames = ['stranger']; }],
  ['Certificate', 'Issuer kube-system/stranger', ALL, (object) => { object.spec.issuerRef.name = 'stranger'; }],
  ['Secret', 'ServiceAccount kube-system/stranger', ALL, (object) => { object.metadata.annotations['kubernetes.io/service-account.name'] = 'stranger'; }],
  ['ServiceMonitor', 'Secret kube-system/stranger', ALL, (object) => { object.spec.endpoints[0].tlsConfig.ca.secret.name = 'stranger'; }],
  ['ServiceMonitor', 'Service port stranger', ALL, (object) => { object.spec.endpoints[0].port = 'stranger'; }],
  ['PodDisruptionBudget', 'pods of PodDisruptionBudget metrics-server', ALL, (object) => { object.spec.selector.matchLabels = { app: 'stranger' }; }],
  ['NetworkPolicy', 'pods of NetworkPolicy metrics-server', ALL, (object) => { object.spec.podSelector.matchLabels = { app: 'stranger' }; }],
])('a %s that refers to %s, which is not there, is found', (kind, reference, props, breakIt) => {
  const chart = testChart();
  addMetricsServer(chart, props);
  const objects = structuredClone(chart.toJson()) as Manifest[];
  expect(danglingReferences(objects)).toEqual([]);
  breakIt(objects.find((object) => object.kind === kind));

  expect(danglingReferences(objects)).toContain(reference);
});
