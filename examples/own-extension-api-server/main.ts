// An API server of one's own behind kube-apiserver: Kubernetes' sample-apiserver.
// Alone: node examples/run.js own-extension-api-server
import { App, Chart } from 'cdk8s';
import { ExtensionApiServer, ServingCertificate } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'own-extension-api-server', { namespace: 'wardle' });

new ExtensionApiServer(chart, 'wardle', {
  name: 'wardle-server',
  image: 'registry.example.com/sample-apiserver:v1.34.4',
  replicas: 1,
  // As in sample-apiserver's own manifests, so that this takes over what they created.
  selectorLabels: { apiserver: 'true' },
  createdServiceAccountName: 'apiserver',
  groupVersions: [
    { group: 'wardle.example.com', version: 'v1beta1', groupPriorityMinimum: 1000, versionPriority: 20 },
    { group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 1000, versionPriority: 15 },
  ],
  // sample-apiserver would sign a certificate for itself that nothing can verify: cert-manager gives it one that kube-apiserver does. A server
  // built with the runtime takes ServingCertificate.selfManaged().
  servingCertificate: ServingCertificate.certManager(),
  args: ['--etcd-servers=http://etcd.wardle.svc:2379'],
  clusterRules: [
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'watch', 'list'] },
    {
      // What its admission plug-ins go by.
      apiGroups: ['admissionregistration.k8s.io'],
      resources: [
        'mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings',
      ],
      verbs: ['get', 'watch', 'list'],
    },
    // Priority and fairness of its own requests.
    { apiGroups: ['flowcontrol.apiserver.k8s.io'], resources: ['prioritylevelconfigurations', 'flowschemas'], verbs: ['list', 'watch'] },
  ],
});

app.synth();
