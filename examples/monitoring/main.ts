// Prometheus' operator scrapes the server with a token of its own and verifies it, alerts on it, and Grafana shows it.
// Alone: node examples/run.js monitoring
import { App, Chart, Duration } from 'cdk8s';
import { MetricsServer, Monitoring } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'monitoring');

// The label by which the Prometheus of kube-prometheus-stack selects what is its own.
const labels = { release: 'kube-prometheus-stack' };

new MetricsServer(chart, 'metrics-server', {
  monitoring: Monitoring.serviceMonitor({
    labels,
    interval: Duration.seconds(30),
    relabelings: [{ targetLabel: 'cluster', replacement: 'production' }],
  }),
  alertRules: { labels, maxScrapeFailureRatio: 0.1 },
  dashboard: { namespace: 'monitoring', folder: 'Kubernetes' },
});

app.synth();
