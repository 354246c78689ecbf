// What no property says: any field of any object is patched, also one that is newer than this package.
// Alone: node examples/run.js json-patch
import { App, Chart, JsonPatch } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'json-patch');

const { server } = new MetricsServer(chart, 'metrics-server');
server.deployment.addJsonPatch(
  JsonPatch.add('/spec/progressDeadlineSeconds', 120),
  JsonPatch.add('/spec/template/spec/containers/0/startupProbe', {
    httpGet: { path: '/livez', port: 'https', scheme: 'HTTPS' },
    periodSeconds: 2,
    failureThreshold: 30,
  }),
);

app.synth();
