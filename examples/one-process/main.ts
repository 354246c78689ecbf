// metrics.k8s.io and custom.metrics.k8s.io by one process: usage from the kubelets, and what Prometheus knows.
// Alone: node examples/run.js one-process
import { App, ApiObject, Chart } from 'cdk8s';
import { MetricsAdapter, MetricsServer, MetricSource } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'one-process');

const metricsServer = new MetricsServer(chart, 'metrics-server');
const metrics = new MetricsAdapter(chart, 'metrics', {
  host: metricsServer.server,
  sources: [MetricSource.prometheus({ url: 'http://prometheus-operated.monitoring.svc:9090' })],
});
const requestsInFlight = metrics.addPodsMetric('http_requests_in_flight', {
  query: 'sum by (namespace, pod) (http_requests_in_flight)',
});
const queueLength = metrics.addExternalMetric('queue_length', {
  query: 'sum by (queue) (rabbitmq_queue_messages_ready)',
});

new ApiObject(chart, 'autoscaler', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    maxReplicas: 10,
    metrics: [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      requestsInFlight.podsMetricSpec({ averageValue: '10' }),
      queueLength.matching({ queue: 'orders' }).externalMetricSpec({ averageValue: '30' }),
    ],
  },
});

app.synth();
