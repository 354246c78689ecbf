// A kubeadm cluster of up to 300 nodes: requests from measured cost, and what its kubelets need said once.
// Alone: node examples/run.js sized-for-platform
import { App, Chart } from 'cdk8s';
import { MetricsServer, Platform, Rules, Sizing } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'sized-for-platform');

const metricsServer = new MetricsServer(chart, 'metrics-server', {
  platform: Platform.kubeadm(),
  clusterVersion: '1.34',
  sizing: Sizing.forNodes(300, 50),
});
Rules.acknowledge(metricsServer, 'self-signed-kubelets', 'kubelets run with serverTLSBootstrap, and an approver signs their requests');

app.synth();
