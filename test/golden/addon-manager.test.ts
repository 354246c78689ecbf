import { Duration } from 'cdk8s';
import { added } from './compare-manifests';
import { describeGoldenSet, renamedVolume } from './golden-set';
import {
  Image, ImagePullPolicy, KubeletAccess, MetricsServer, NannyConfiguration, NannyEstimator, NodeAddressType, ServingCertificate,
} from '../../src';

const deployment = 'Deployment kube-system/metrics-server';
const pod = `${deployment}.spec.template.spec`;
const server = `${pod}.containers.metrics-server`;
const nanny = `${pod}.containers.metrics-server-nanny`;

const nannyRights = 'in its namespace it may write one Deployment, and in the cluster only list nodes';
const inSelector = 'a Deployment whose selector names the release cannot be updated to the next one';
const ofAllObjects = 'the labels of all objects are those of the pods as well';

describeGoldenSet({
  name: 'metrics-server of the addon manager, v0.3.6 as Google\'s clusters ran it',
  golden: ['addon-manager-v0.3.6/all.yaml'],
  entryPoint: '/metrics-server',
  synthesize: (chart) => {
    const metricsServer = new MetricsServer(chart, 'metrics-server', {
      image: Image.upstream('v0.3.6'),
      imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
      servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
      kubeletAccess: KubeletAccess.readOnlyPort(),
      kubeletPreferredAddressTypes: [
        NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME, NodeAddressType.INTERNAL_DNS, NodeAddressType.EXTERNAL_DNS,
        NodeAddressType.EXTERNAL_IP,
      ],
      metricResolution: Duration.seconds(30),
      labels: { 'kubernetes.io/cluster-service': 'true', 'addonmanager.kubernetes.io/mode': 'Reconcile' },
      podLabels: { version: 'v0.3.6' },
      podAnnotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'docker/default' },
      priorityClassName: 'system-cluster-critical',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'CriticalAddonsOnly' }],
    });
    metricsServer.server.addNanny({
      image: 'k8s.gcr.io/addon-resizer:1.8.5',
      cpu: { base: '100m', perNode: '0.5m' },
      memory: { base: '100Mi', perNode: '50Mi' },
      estimator: NannyEstimator.exponential(10),
      configuration: NannyConfiguration.ensureExists('metrics-server-config'),
      resources: { requests: { cpu: '5m', memory: '50Mi' }, limits: { cpu: '100m', memory: '300Mi' } },
    });
  },
  renamed: [{
    golden: 'Deployment kube-system/metrics-server-v0.3.6',
    ours: 'Deployment kube-system/metrics-server',
    reason: 'one that has another name in each release is a second server beside the old one until someone prunes that',
  }],
  differences: [
    {
      at: 'ClusterRole system:metrics-server.rules.1',
      golden: { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'update', 'watch'] },
      ours: undefined,
      reason: 'whoever may write every Deployment of the cluster may run what they like as any ServiceAccount',
    },
    added('Role kube-system/metrics-server-nanny', nannyRights),
    added('RoleBinding kube-system/metrics-server-nanny', nannyRights),
    added('ClusterRole system:metrics-server-nanny', nannyRights),
    added('ClusterRoleBinding system:metrics-server-nanny', nannyRights),
    added('ClusterRole system:aggregated-metrics-reader', 'without it only administrators of the cluster read metrics'),
    added('ConfigMap kube-system/metrics-server-config.metadata.labels.k8s-app', 'what belongs to the Deployment has its labels'),
    { at: `${deployment}.metadata.labels.version`, golden: 'v0.3.6', ours: undefined, reason: inSelector },
    { at: `${deployment}.spec.selector.matchLabels.version`, golden: 'v0.3.6', ours: undefined, reason: inSelector },
    added(`${deployment}.spec.template.metadata.labels.addonmanager.kubernetes.io/mode`, ofAllObjects),
    added(`${deployment}.spec.template.metadata.labels.kubernetes.io/cluster-service`, ofAllObjects),
    { at: `${server}.imagePullPolicy`, golden: undefined, ours: 'IfNotPresent', reason: 'the default for an image with a tag, said aloud' },
    {
      at: `${server}.ports`,
      golden: [{ containerPort: 443, name: 'https', protocol: 'TCP' }],
      ours: undefined,
      reason: 'the Service leads to the number, as in the manifests of v0.3 itself',
    },
    { at: 'Service kube-system/metrics-server.spec.ports.0.targetPort', golden: 'https', ours: 443, reason: 'the same port, by its number' },
    added(`${server}.volumeMounts`, 'a place to write, as in the manifests of v0.3 itself'),
    added(`${pod}.volumes.tmp-dir`, 'a place to write, as in the manifests of v0.3 itself'),
    { at: `${nanny}.command.--deployment`, golden: 'metrics-server-v0.3.6', ours: 'metrics-server', reason: 'that is its name here' },
    added(`${nanny}.securityContext`, 'it asks kube-apiserver and needs nothing of the node'),
    added(`${nanny}.volumeMounts./etc/config.readOnly`, 'nobody writes to a ConfigMap'),
    ...renamedVolume(pod, 'metrics-server-config-volume', 'nanny-config-volume', { configMap: { name: 'metrics-server-config' } }, {
      container: 'metrics-server-nanny', mountPath: '/etc/config',
    }),
  ],
});
