// A serving certificate of your company's CA, in a Secret, and kubelets that accept client certificates.
// Alone: node examples/run.js certificate-secret
import { App, Chart } from 'cdk8s';
import { KubeletAccess, MetricsServer, SecretRef, ServingCertificate } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'certificate-secret');

// The certificate of who signed it: kube-apiserver trusts nobody else here. A real chart reads it from a file beside it.
const caBundle = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUBMOQVi2B2zuVG1D8oPX5gVOlrPMwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHdGVzdC1jYTAgFw0yNjExMjExNDE2MzZaGA8yMTI2MTAyODE0
MTYzNlowEjEQMA4GA1UEAwwHdGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABEHmAaKnCXBRPza9qwbHmVXy3+58qU4xr7us6WZjg/UfvU0YWiJDAKbJP6Fj
x2WVmE0KS2c7r69gkJPRZWaVsT2jUzBRMB0GA1UdDgQWBBSaFVDZlQSF3GFqlxqv
9OUgONG97jAfBgNVHSMEGDAWgBSaFVDZlQSF3GFqlxqv9OUgONG97jAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCID1FfSGLzlw225pLbpJUbkQVosP9
6Npbu4VC+nrNd9grAiEArXWkCzCuE2npw67nwh3MaHlh5+GJRPjJoQPyli+GZF8=
-----END CERTIFICATE-----
`;

// kubectl -n kube-system create secret tls metrics-server-serving --cert=tls.crt --key=tls.key
// The certificate has to be valid for metrics-server.kube-system.svc. Whoever renews it replaces the Secret: the server takes it over.
new MetricsServer(chart, 'metrics-server', {
  servingCertificate: ServingCertificate.fromSecret(SecretRef.fromName('metrics-server-serving'), { caBundle }),
  // kubectl -n kube-system create secret tls metrics-server-kubelet-client --cert=client.crt --key=client.key
  // Its common name is the user to whom the ClusterRole with get on nodes/metrics is bound.
  kubeletAccess: KubeletAccess.clientCertificate(SecretRef.fromName('metrics-server-kubelet-client')),
});

app.synth();
