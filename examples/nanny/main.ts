// A cluster whose size changes: the nanny sizes the one pod by the number of nodes, and restarts it when it does.
// Alone: node examples/run.js nanny
import { App, Chart, Duration } from 'cdk8s';
import { MetricsServer, NannyEstimator, Sizing } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'nanny');

new MetricsServer(chart, 'metrics-server', {
  sizing: Sizing.nanny({
    cpu: { base: '40m', perNode: '1m' },
    memory: { base: '40Mi', perNode: '2Mi' },
    // Few restarts: nodes are counted in steps, and a tenth more or less is let pass.
    estimator: NannyEstimator.exponential(16),
    threshold: 10,
    pollPeriod: Duration.minutes(5),
  }),
});

app.synth();
