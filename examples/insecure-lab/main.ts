// A test cluster whose kubelets signed their own certificates, as kubeadm and kind leave them.
// Alone: node examples/run.js insecure-lab
import { App, Chart } from 'cdk8s';
import { KubeletAccess, MetricsServer, NodeAddressType, Rules } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'insecure-lab');

const metricsServer = new MetricsServer(chart, 'metrics-server', {
  kubeletAccess: KubeletAccess.insecureSkipTlsVerify(),
  kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP],
});
Rules.acknowledge(metricsServer, 'kubelet-insecure-tls', 'a test cluster whose kubelets signed their own certificates');

app.synth();
