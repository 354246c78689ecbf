// A server of one's own for custom metrics: server.ts, in an image whose entry point runs it.
// Alone: node examples/run.js own-metric-server
import { App, Chart, Duration } from 'cdk8s';
import { ExtensionApiServer, ServingCertificate } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'own-metric-server', { namespace: 'kube-system' });

new ExtensionApiServer(chart, 'kube-hpa', {
  name: 'kube-hpa',
  image: 'registry.example.com/kube-hpa:v1',
  groupVersions: [
    { group: 'custom.metrics.k8s.io', version: 'v1beta1' },
    // The autoscaler takes the version of the higher priority.
    { group: 'custom.metrics.k8s.io', version: 'v1beta2', versionPriority: 200 },
  ],
  // Servers built with cdk8s-metrics-server/runtime make their certificate, and tell kube-apiserver how to verify it.
  servingCertificate: ServingCertificate.selfManaged(),
  // While nodes are drained, autoscalers still get their metrics: two replicas, and five seconds in which one that ends is not asked any more.
  highAvailability: true,
  shutdownDelay: Duration.seconds(5),
  resources: { requests: { cpu: '50m', memory: '128Mi' } },
  // To find the pods that an autoscaler's selector chooses.
  clusterRules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
});

app.synth();
