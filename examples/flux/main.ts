// For two Flux Kustomizations, of which the second depends on the first: one folder for each chart.
// Alone: node examples/run.js flux
import { App, Chart, YamlOutputType } from 'cdk8s';
import { GitOps, MetricsServer } from 'cdk8s-metrics-server';

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
const server = new Chart(app, 'flux');
const apiServices = new Chart(app, 'flux-api-services');

new MetricsServer(server, 'metrics-server', {
  gitOps: GitOps.flux(apiServices),
});

app.synth();
