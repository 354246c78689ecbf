import { Image, KubeletServingApprover, KubeletServingApproverProps, MetricsServer, UnsatisfiableConstraintAction } from '../../src';
import { objectOf, testChart } from '../synthesize';

function synthesized(props?: KubeletServingApproverProps, namespace?: string) {
  const chart = testChart({ namespace });
  new KubeletServingApprover(chart, 'approver', props);
  return chart;
}

test('is a Deployment of the companion image, with a ServiceAccount of its own', () => {
  const chart = synthesized();
  const { metadata, spec: { template: { spec: pod } } } = objectOf(chart, 'Deployment');
  expect(metadata).toEqual({
    name: 'kubelet-serving-approver', namespace: 'kube-system', labels: { 'app.kubernetes.io/name': 'kubelet-serving-approver' },
  });
  expect(pod).toMatchObject({ serviceAccountName: 'kubelet-serving-approver', priorityClassName: 'system-cluster-critical' });
  expect(pod.containers).toEqual([{
    name: 'kubelet-serving-approver',
    image: Image.companion().reference,
    imagePullPolicy: 'IfNotPresent',
    args: ['approve-kubelet-serving', '--http-bind-address=:8080'],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    livenessProbe: { httpGet: { path: '/livez', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
    resources: { requests: { cpu: '10m', memory: '64Mi' } },
    securityContext: expect.objectContaining({ readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] } }),
  }]);
});

test('may approve what kubelets ask for, and nothing else', () => {
  expect(objectOf(synthesized(), 'ClusterRole')).toMatchObject({
    metadata: { name: 'kubelet-serving-approver.kube-system' },
    rules: [
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs: ['list', 'watch'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
      { apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['kubernetes.io/kubelet-serving'], verbs: ['approve'] },
      { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
    ],
  });
});

test('is in the chart\'s namespace, or in the one given', () => {
  expect(objectOf(synthesized({}, 'addons'), 'ServiceAccount').metadata.namespace).toBe('addons');
  const chart = synthesized({ name: 'approver', namespace: 'certificates' }, 'addons');
  expect(objectOf(chart, 'Deployment').metadata).toMatchObject({ name: 'approver', namespace: 'certificates' });
  expect(objectOf(chart, 'ClusterRoleBinding')).toMatchObject({
    metadata: { name: 'approver.certificates' },
    roleRef: { kind: 'ClusterRole', name: 'approver.certificates' },
    subjects: [{ kind: 'ServiceAccount', name: 'approver', namespace: 'certificates' }],
  });
});

test('takes what every pod takes', () => {
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: 'zone' }] } };
  const chart = synthesized({
    labels: { team: 'platform' },
    image: Image.custom('mirror.example.com/metrics-server:1', { compatibleWith: Image.companion() }),
    imagePullSecrets: [{ name: 'registry' }],
    replicas: 2,
    resources: { requests: { cpu: '' }, limits: { memory: '128Mi' } },
    priorityClassName: '',
    nodeSelector: { pool: 'system' },
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane' }],
    affinity,
    topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: UnsatisfiableConstraintAction.SCHEDULE_ANYWAY }],
    schedulerName: 'packer',
  });
  const { metadata, spec: { replicas, selector, template } } = objectOf(chart, 'Deployment');
  expect(metadata.labels).toEqual({ 'team': 'platform', 'app.kubernetes.io/name': 'kubelet-serving-approver' });
  expect([replicas, selector, template.metadata.labels]).toEqual([
    2, { matchLabels: { 'app.kubernetes.io/name': 'kubelet-serving-approver' } }, metadata.labels,
  ]);
  expect(template.spec).toMatchObject({
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { pool: 'system' },
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    affinity,
    topologySpreadConstraints: [{
      maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector,
    }],
    schedulerName: 'packer',
    containers: [{ image: 'mirror.example.com/metrics-server:1', resources: { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } } }],
  });
  expect(template.spec).not.toHaveProperty('priorityClassName');
});

test('stands beside a metrics server', () => {
  const chart = synthesized();
  new MetricsServer(chart, 'metrics-server');
  const names = chart.toJson().map(({ kind, metadata }: any) => `${kind} ${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
});
