import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { goModule } from './go-module';
import { synthesizeExample } from '../../start/synthesize';
import { added, NamedDifference, parseManifests } from '../golden/compare-manifests';
import { expectGolden, Renamed } from '../golden/golden-set';

const deployment = 'Deployment wardle/wardle-server';
const pod = `${deployment}.spec.template.spec`;
const server = `${pod}.containers.wardle-server`;
const v1alpha1 = 'APIService v1alpha1.wardle.example.com';
const service = 'Service wardle/wardle-server';

const shared = 'a name that the whole cluster shares says whose it is';
const verified = 'kube-apiserver verifies the certificate, which cert-manager issues';
const both = 'the server serves both versions';
const etcdApart = 'an etcd without a volume forgets everything with its pod, and a second pod would have another';
const unprivileged = 'a port that needs no privilege; the Service leads to it by its name';
const probed = 'a server that hangs is restarted, and one that is not ready gets no requests';

const RENAMED: readonly Renamed[] = [
  { golden: 'Service wardle/api', ours: service, reason: 'the Service is called as the server is' },
  { golden: 'ClusterRole aggregated-apiserver-clusterrole', ours: 'ClusterRole wardle-server.wardle', reason: shared },
  { golden: 'ClusterRoleBinding sample-apiserver-clusterrolebinding', ours: 'ClusterRoleBinding wardle-server.wardle', reason: shared },
  { golden: 'ClusterRoleBinding wardle:system:auth-delegator', ours: 'ClusterRoleBinding wardle-server.wardle:auth-delegator', reason: shared },
  { golden: 'RoleBinding kube-system/wardle-auth-reader', ours: 'RoleBinding kube-system/wardle-server.wardle:auth-reader', reason: shared },
];

const DIFFERENCES: readonly NamedDifference[] = [
  {
    at: 'Namespace wardle',
    golden: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'wardle' } },
    ours: undefined,
    reason: 'a namespace may hold more than this server',
  },
  {
    at: 'ClusterRoleBinding wardle-server.wardle.roleRef.name',
    golden: 'aggregated-apiserver-clusterrole',
    ours: 'wardle-server.wardle',
    reason: shared,
  },
  ...[
    'ClusterRole wardle-server.wardle', 'ClusterRoleBinding wardle-server.wardle', 'ClusterRoleBinding wardle-server.wardle:auth-delegator',
    'RoleBinding kube-system/wardle-server.wardle:auth-reader', service, 'ServiceAccount wardle/apiserver', v1alpha1,
  ].map((object) => added(`${object}.metadata.labels`, 'everything of the server is found by the labels of its pods')),
  added('APIService v1beta1.wardle.example.com', both),
  { at: `${v1alpha1}.spec.service.name`, golden: 'api', ours: 'wardle-server', reason: 'that is its name here' },
  { at: `${v1alpha1}.spec.insecureSkipTLSVerify`, golden: true, ours: undefined, reason: verified },
  added(`${v1alpha1}.metadata.annotations`, verified),
  added('Certificate wardle/wardle-server-tls', verified),
  added('Certificate wardle/wardle-server-ca', verified),
  added('Issuer wardle/wardle-server-ca', verified),
  added('Issuer wardle/wardle-server-self-signed', verified),
  { at: `${server}.args.--tls-cert-file`, golden: undefined, ours: '/serving-certificate/tls.crt', reason: verified },
  { at: `${server}.args.--tls-private-key-file`, golden: undefined, ours: '/serving-certificate/tls.key', reason: verified },
  { at: `${pod}.containers.etcd`, golden: { name: 'etcd', image: expect.any(String) }, ours: undefined, reason: etcdApart },
  { at: `${server}.args.--etcd-servers`, golden: 'http://localhost:2379', ours: 'http://etcd.wardle.svc:2379', reason: etcdApart },
  {
    at: `${server}.image`,
    golden: 'kube-sample-apiserver:latest',
    ours: 'registry.example.com/sample-apiserver:v1.34.4',
    reason: 'an image that each node can pull, and that is the same tomorrow',
  },
  { at: `${server}.imagePullPolicy`, golden: 'Never', ours: 'IfNotPresent', reason: 'an image that each node can pull' },
  { at: `${server}.args.--secure-port`, golden: undefined, ours: '10250', reason: unprivileged },
  added(`${server}.ports`, unprivileged),
  { at: `${service}.spec.ports.0.targetPort`, golden: 443, ours: 'https', reason: unprivileged },
  { at: `${service}.spec.ports.0.name`, golden: undefined, ours: 'https', reason: 'a port is called by what it serves' },
  { at: `${service}.spec.ports.0.appProtocol`, golden: undefined, ours: 'https', reason: 'for proxies and meshes' },
  added(`${server}.livenessProbe`, probed),
  added(`${server}.readinessProbe`, probed),
  added(`${server}.securityContext`, 'the server needs nothing of its node'),
  added(`${server}.volumeMounts`, 'the certificate, and a place to write beside a root that is read-only'),
  added(`${pod}.volumes`, 'the certificate, and a place to write beside a root that is read-only'),
  added(`${pod}.nodeSelector`, 'the image runs on Linux only'),
  added(`${deployment}.spec.strategy`, 'no update takes the last pod away'),
];

test('the example of one\'s own API server is sample-apiserver as its manifests have it, but for the named differences', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sample-apiserver-'));
  try {
    await synthesizeExample('own-extension-api-server', directory);
    const ours = parseManifests(readFileSync(join(directory, 'own-extension-api-server.k8s.yaml'), 'utf8'));

    const golden = [join(goModule('k8s.io/sample-apiserver'), 'artifacts', 'example')];
    expectGolden({ golden, renamed: RENAMED, differences: DIFFERENCES }, ours);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
