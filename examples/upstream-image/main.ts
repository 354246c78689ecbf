// The image of the Kubernetes project, from a mirror. It cannot make a certificate that kube-apiserver could verify.
// Alone: node examples/run.js upstream-image
import { App, Chart, Duration } from 'cdk8s';
import { Image, MetricsServer, Rules, ServingCertificate } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'upstream-image');

const metricsServer = new MetricsServer(chart, 'metrics-server', {
  image: Image.custom('registry.example.com/mirror/metrics-server:v0.9.0', { compatibleWith: Image.upstream('v0.9.0') }),
  servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
  metricResolution: Duration.seconds(30),
});
Rules.acknowledge(metricsServer, 'insecure-tls', 'what the Kubernetes project ships as well');

app.synth();
