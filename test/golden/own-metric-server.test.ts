import { added } from './compare-manifests';
import { describeGoldenSet } from './golden-set';
import { ExtensionApiServer, ServiceAccountRef, ServingCertificate, UpdateStrategy, Volume } from '../../src';
import { CA_CERTIFICATE } from '../certificates';

const deployment = 'Deployment kube-system/kube-hpa';
const pod = `${deployment}.spec.template.spec`;
const server = `${pod}.containers.kube-hpa`;
const apiService = 'APIService v1beta1.custom.metrics.k8s.io';
const service = 'Service kube-system/kube-hpa';

const verified = 'kube-apiserver verifies the certificate, which then has to be one that the node\'s CA signed for kube-hpa.kube-system.svc';
const found = 'it can be selected by the labels of its pods';
const probed = 'a server that hangs is restarted, and one that is not ready gets no requests';
const portNamed = 'the container names its port, and the Service leads to it by the name';
const writable = 'the one place to write beside a root that is read-only';

describeGoldenSet({
  name: 'a server for custom metrics of one\'s own, on the node\'s network with the node\'s certificates',
  golden: ['own-metric-server/all.yaml'],
  synthesize: (chart) => {
    new ExtensionApiServer(chart, 'kube-hpa', {
      name: 'kube-hpa',
      namespace: 'kube-system',
      image: 'zoux/hpa:v1',
      command: ['/metric-server'],
      args: ['--master-url=XXX', '--kube-config=/pkc/config', '--v=10'],
      groupVersions: [{ group: 'custom.metrics.k8s.io', version: 'v1beta1' }],
      servingCertificate: ServingCertificate.fromFiles({
        certificate: '/pkc/server.pem', privateKey: '/pkc/server-key.pem', volume: Volume.hostPath('pkc', '/opt/kubernetes/ssl'), caBundle: CA_CERTIFICATE,
      }),
      selectorLabels: { app: 'kube-hpa' },
      replicas: 1,
      updateStrategy: UpdateStrategy.recreate(),
      hostNetwork: true,
      securePort: 9997,
      servicePort: 9997,
      headlessService: true,
      serviceAccount: ServiceAccountRef.fromName('default'),
      rbac: false,
      // The node's keys are root's.
      containerSecurityContext: { runAsUser: 0, runAsNonRoot: false },
      resources: { requests: { cpu: '500m', memory: '500Mi' }, limits: { cpu: '2', memory: '2Gi' } },
    });
  },
  differences: [
    {
      at: `${apiService}.apiVersion`,
      golden: 'apiregistration.k8s.io/v1beta1',
      ours: 'apiregistration.k8s.io/v1',
      reason: 'Kubernetes 1.22 removed v1beta1; v1 is the same object',
    },
    { at: `${apiService}.spec.insecureSkipTLSVerify`, golden: true, ours: undefined, reason: verified },
    { at: `${apiService}.spec.caBundle`, golden: undefined, ours: Buffer.from(CA_CERTIFICATE).toString('base64'), reason: verified },
    {
      at: `${server}.args.--tls-cert-file`,
      golden: undefined,
      ours: '/pkc/server.pem',
      reason: 'a key alone is nothing to serve: the server takes it with its certificate, or makes both itself',
    },
    added(`${apiService}.metadata.labels`, found),
    added(`${service}.metadata.labels`, found),
    {
      at: `${deployment}.spec.strategy`,
      golden: undefined,
      ours: { type: 'Recreate' },
      reason: 'a new pod cannot have the node\'s port before the old one is gone, and where there is no other node waits for ever',
    },
    { at: `${deployment}.spec.template.metadata.name`, golden: 'kube-hpa', ours: undefined, reason: 'the Deployment names its pods, whatever stands there' },
    { at: `${pod}.serviceAccountName`, golden: undefined, ours: 'default', reason: 'the default, said aloud' },
    { at: `${pod}.automountServiceAccountToken`, golden: undefined, ours: true, reason: 'the default, said aloud, for the ServiceAccount may say otherwise' },
    { at: `${pod}.dnsPolicy`, golden: undefined, ours: 'ClusterFirstWithHostNet', reason: 'the node\'s resolver knows no Services' },
    { at: `${pod}.nodeSelector`, golden: undefined, ours: { 'kubernetes.io/os': 'linux' }, reason: 'the image runs on Linux only' },
    added(`${server}.livenessProbe`, probed),
    added(`${server}.readinessProbe`, probed),
    added(`${server}.securityContext`, 'root for the sake of the node\'s keys, and no more than that'),
    added(`${server}.volumeMounts./tmp`, writable),
    added(`${pod}.volumes.tmp-dir`, writable),
    { at: `${server}.ports.0.name`, golden: undefined, ours: 'https', reason: portNamed },
    { at: `${server}.ports.0.hostPort`, golden: undefined, ours: 9997, reason: 'what Kubernetes fills in on the node\'s network' },
    { at: `${server}.ports.0.protocol`, golden: undefined, ours: 'TCP', reason: 'the default, said aloud' },
    { at: `${service}.spec.ports.0.protocol`, golden: undefined, ours: 'TCP', reason: 'the default, said aloud' },
    { at: `${service}.spec.ports.0.targetPort`, golden: 9997, ours: 'https', reason: portNamed },
    { at: `${service}.spec.ports.0.name`, golden: 'https-hpa-dont-edit-it', ours: 'https', reason: 'kube-apiserver finds the port by its number' },
    { at: `${service}.spec.ports.0.appProtocol`, golden: undefined, ours: 'https', reason: 'for proxies and meshes' },
  ],
});
