// Everything verified, nothing asked: the companion image makes its own certificate and keeps it.
// Alone: node examples/run.js default
import { App, Chart } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'metrics-server');

new MetricsServer(chart, 'metrics-server');

app.synth();
