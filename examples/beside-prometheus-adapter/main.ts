// Metrics that move here one by one, while prometheus-adapter goes on serving the others behind the same APIServices.
// Alone: node examples/run.js beside-prometheus-adapter
import { App, ApiObject, Chart } from 'cdk8s';
import { MetricsAdapter, MetricSource, OtherAdapter, SecretRef, SourceCa } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'beside-prometheus-adapter', { namespace: 'monitoring' });

const metrics = new MetricsAdapter(chart, 'metrics', {
  sources: [MetricSource.prometheus({ url: 'http://prometheus-operated.monitoring.svc:9090' })],
  adapters: [OtherAdapter.at({
    name: 'prometheus-adapter',
    url: 'https://prometheus-adapter.monitoring.svc',
    // Where cert-manager keeps its certificate (certManager.enabled of its chart), beside the CA that signed it. Of this Secret, ca.crt alone is mounted.
    certificateAuthority: SourceCa.secret(SecretRef.fromName('prometheus-adapter')),
  })],
});
const requestsInFlight = metrics.addPodsMetric('http_requests_in_flight', {
  query: 'sum by (namespace, pod) (http_requests_in_flight)',
});

// One metric of each: this adapter asks Prometheus for the first, and prometheus-adapter for the second.
new ApiObject(chart, 'autoscaler', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    maxReplicas: 10,
    metrics: [
      requestsInFlight.podsMetricSpec({ averageValue: '10' }),
      {
        type: 'Object',
        object: {
          describedObject: { apiVersion: 'v1', kind: 'Service', name: 'shop' },
          metric: { name: 'connections' },
          target: { type: 'AverageValue', averageValue: '20' },
        },
      },
    ],
  },
});

app.synth();
