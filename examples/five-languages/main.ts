import { App, Chart, Duration } from 'cdk8s';
import { MetricsServer, NodeAddressType } from 'cdk8s-metrics-server';

// The same chart in TypeScript, Python, Java, Go and C#.
const app = new App();
const chart = new Chart(app, 'five-languages');

new MetricsServer(chart, 'metrics-server', {
  replicas: 2,
  metricResolution: Duration.seconds(30),
  kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME],
  resources: { requests: { cpu: '200m', memory: '400Mi' } },
  labels: { team: 'platform' },
});

app.synth();
