// What no property says: any field of any object is patched, also one that is newer than this package.
// Alone: node examples/run.js json-patch
import { App, Chart, JsonPatch } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'json-patch');

const { server } = new MetricsServer(chart, 'metrics-server');
server.deployment.addJsonPatch(
  JsonPatch.add('/spec/revisionHistoryLimit', 2),
  JsonPatch.replace('/spec/template/spec/containers/0/readinessProbe/initialDelaySeconds', 5),
);
server.deployment.metadata.addAnnotation('example.com/owner', 'platform');

app.synth();
