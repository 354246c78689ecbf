// Certificates by cert-manager, for the image of the Kubernetes project, which cannot make any that kube-apiserver could verify.
// Alone: node examples/run.js cert-manager
import { App, Chart } from 'cdk8s';
import { Image, MetricsServer, ServingCertificate } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'cert-manager');

// cert-manager keeps a CA for this server, issues the serving certificate and renews it; its injector tells kube-apiserver whom to trust.
// With an issuer of your own: ServingCertificate.certManager({ issuer: IssuerRef.clusterIssuer('internal-ca') }).
new MetricsServer(chart, 'metrics-server', {
  image: Image.upstream('v0.9.0'),
  servingCertificate: ServingCertificate.certManager(),
});

app.synth();
