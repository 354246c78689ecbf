// The API server of Service Catalog 0.2, with an etcd of its own in the same pod.
// Alone: node examples/run.js service-catalog
import { ApiObject, App, Chart } from 'cdk8s';
import { ExtensionApiServer, ServingCertificate, UpdateStrategy, Volume } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'service-catalog', { namespace: 'catalog' });

const etcdData = new ApiObject(chart, 'etcd-data', {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'service-catalog-etcd' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '4Gi' } } },
});

const server = new ExtensionApiServer(chart, 'server', {
  name: 'service-catalog-apiserver',
  image: 'quay.io/kubernetes-service-catalog/service-catalog:v0.2.3',
  // One program for the API server and for the controller manager.
  command: ['/opt/services/service-catalog', 'apiserver'],
  // It asks for v1beta1 of TokenReview and SubjectAccessReview, which Kubernetes 1.22 removed.
  clusterVersion: '1.21',
  groupVersions: [{ group: 'servicecatalog.k8s.io', version: 'v1beta1', groupPriorityMinimum: 10000, versionPriority: 20 }],
  servingCertificate: ServingCertificate.certManager(),
  securePort: 8443,
  args: [
    '--etcd-servers=http://localhost:2379',
    '--enable-admission-plugins=NamespaceLifecycle,DefaultServicePlan,ServiceBindingsLifecycle,ServicePlanChangeValidator,BrokerAuthSarCheck',
    '--feature-gates=OriginatingIdentity=true',
  ],
  clusterRules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] }],
  resources: { requests: { cpu: '100m', memory: '40Mi' }, limits: { memory: '100Mi' } },
  // It is older than /livez and /readyz.
  livenessProbe: { path: '/healthz' },
  readinessProbe: { path: '/healthz' },
  // The volume belongs to one pod at a time.
  replicas: 1,
  updateStrategy: UpdateStrategy.recreate(),
  podSecurityContext: { fsGroup: 1000 },
});

server.addVolume(Volume.persistentVolumeClaim('etcd-data', etcdData.name));
server.addContainer({
  name: 'etcd',
  image: 'quay.io/coreos/etcd:v3.5.21',
  command: [
    '/usr/local/bin/etcd',
    '--data-dir=/etcd-data',
    // For the API server beside it alone: whoever reaches etcd reads every object.
    '--listen-client-urls=http://127.0.0.1:2379',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-metrics-urls=http://0.0.0.0:2381',
  ],
  ports: [{ name: 'etcd-metrics', containerPort: 2381, protocol: 'TCP' }],
  readinessProbe: { httpGet: { path: '/health', port: 'etcd-metrics' } },
  livenessProbe: { httpGet: { path: '/health?serializable=true', port: 'etcd-metrics' }, initialDelaySeconds: 10 },
  resources: { requests: { cpu: '100m', memory: '100Mi' }, limits: { memory: '256Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  volumeMounts: [{ name: 'etcd-data', mountPath: '/etcd-data' }],
});

app.synth();
