// metrics-server in a namespace of its own, with its Namespace in the same chart. Cluster-wide names carry the namespace then.
// Alone: node examples/run.js own-namespace
import { App, Chart } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';
import { Namespace } from 'cdk8s-plus-27';

const app = new App();
const chart = new Chart(app, 'own-namespace', { namespace: 'metrics' });

new Namespace(chart, 'namespace', { metadata: { name: 'metrics' } });
new MetricsServer(chart, 'metrics-server', {
  // Kubernetes may limit system-cluster-critical to kube-system by a ResourceQuota; empty text leaves the priority out.
  priorityClassName: '',
});

app.synth();
