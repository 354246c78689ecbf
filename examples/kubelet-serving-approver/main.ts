// Kubelets with `serverTLSBootstrap: true`, as kubeadm can have them: the approver lets the cluster sign their certificates, and they are verified.
// Alone: node examples/run.js kubelet-serving-approver
import { App, Chart } from 'cdk8s';
import { KubeletServingApprover, MetricsServer } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'kubelet-serving-approver');

new KubeletServingApprover(chart, 'approver', {
  // New nodes wait for it, so it runs where there is one first.
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane' }],
});
new MetricsServer(chart, 'metrics-server');

app.synth();
