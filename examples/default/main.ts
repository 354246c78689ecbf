import { App, Chart } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';

// Everything verified, nothing asked: the companion image makes its own certificate and keeps it.
const app = new App();
const chart = new Chart(app, 'metrics-server');

new MetricsServer(chart, 'metrics-server');

app.synth();
