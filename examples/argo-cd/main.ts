// For an Argo CD Application: the APIServices are applied when the server is healthy, and pruned before it.
// Alone: node examples/run.js argo-cd
import { App, Chart } from 'cdk8s';
import { GitOps, MetricsServer } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'argo-cd');

new MetricsServer(chart, 'metrics-server', {
  gitOps: GitOps.argoCd(),
});

app.synth();
