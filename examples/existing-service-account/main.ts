// A ServiceAccount that someone else creates, such as the one that a cloud's identity is attached to. It needs no rights of its own.
// Alone: node examples/run.js existing-service-account
import { App, Chart } from 'cdk8s';
import { MetricsServer, ServiceAccountRef } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'existing-service-account');

new MetricsServer(chart, 'metrics-server', {
  // In the server's namespace, here kube-system. The roles are synthesized and bound to it.
  serviceAccount: ServiceAccountRef.fromName('metrics-robot'),
});

app.synth();
