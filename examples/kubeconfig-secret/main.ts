import { App, Chart } from 'cdk8s';
import { KubeletAccess, MetricsServer, NodeAddressType, SecretRef } from 'cdk8s-metrics-server';

// Kubelets accept only client certificates of their own CA. A kubeconfig holds one, and the Secret holds the kubeconfig:
// kubectl -n kube-system create secret generic k8snode-kubeconfig-secrets --from-file=k8s-node.kubeconfig
const app = new App();
const chart = new Chart(app, 'kubeconfig-secret');

new MetricsServer(chart, 'metrics-server', {
  kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('k8snode-kubeconfig-secrets'), 'k8s-node.kubeconfig'),
  kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP],
});

app.synth();
