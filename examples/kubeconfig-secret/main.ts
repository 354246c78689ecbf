// Kubelets that accept only client certificates of their own CA: a kubeconfig in a Secret holds one.
// Alone: node examples/run.js kubeconfig-secret
import { App, Chart } from 'cdk8s';
import { KubeletAccess, MetricsServer, NodeAddressType, SecretRef } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'kubeconfig-secret');

// kubectl -n kube-system create secret generic k8snode-kubeconfig-secrets --from-file=k8s-node.kubeconfig
// The kubeconfig's user needs the rights that the ServiceAccount has otherwise, and here is not given: list and watch nodes and pods, and
// get nodes/metrics. A ClusterRole with them, bound to the user that the client certificate names, is part of setting up that user.
new MetricsServer(chart, 'metrics-server', {
  kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('k8snode-kubeconfig-secrets'), 'k8s-node.kubeconfig'),
  kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP],
});

app.synth();
