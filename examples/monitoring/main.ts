// Prometheus scrapes the server with the token of its own pod and verifies it, alerts on it, and Grafana shows it.
// Alone: node examples/run.js monitoring
import { App, Chart, Duration } from 'cdk8s';
import { MetricsServer, Monitoring, ScrapeCredentials } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'monitoring');

// The label by which the Prometheus of kube-prometheus-stack selects what is its own.
const labels = { release: 'kube-prometheus-stack' };

new MetricsServer(chart, 'metrics-server', {
  monitoring: Monitoring.serviceMonitor({
    labels,
    interval: Duration.seconds(30),
    // That of the release kube-prometheus-stack in the namespace monitoring. The kubelet renews its token; the default's never expires.
    credentials: ScrapeCredentials.prometheusServiceAccount('kube-prometheus-stack-prometheus', 'monitoring'),
    relabelings: [{ targetLabel: 'cluster', replacement: 'production' }],
  }),
  alertRules: { labels, maxScrapeFailureRatio: 0.1 },
  dashboard: { namespace: 'monitoring', folder: 'Kubernetes' },
});

app.synth();
