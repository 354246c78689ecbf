// Autoscalers that follow what Prometheus knows: requests of pods, requests of an Ingress, the length of a queue.
// Alone: node examples/run.js metrics-adapter
import { App, ApiObject, Chart, Duration } from 'cdk8s';
import {
  DescribedResource, EmptyMeaning, MetricOrigin, MetricsAdapter, MetricSource, PodValues, SecretRef, SourceCa, SourceCredentials,
} from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'metrics-adapter', { namespace: 'monitoring' });

const prometheus = MetricSource.prometheus({
  url: 'http://prometheus-operated.monitoring.svc:9090',
  scrapeInterval: Duration.seconds(30),
});
const mimir = MetricSource.prometheus({
  name: 'mimir',
  url: 'https://mimir.example.com/prometheus',
  headers: { 'X-Scope-OrgID': 'shop' },
  credentials: SourceCredentials.bearerToken(SecretRef.fromName('mimir-token')),
  certificateAuthority: SourceCa.secret(SecretRef.fromName('mimir-ca')),
});
const metrics = new MetricsAdapter(chart, 'metrics', { sources: [prometheus, mimir], highAvailability: true });

// Each is declared once: from it come what the adapter asks, the rights for it, and what an autoscaler names.
// A rate looks over four scrapes, so that it has a value still when one fails.
const podRequests = metrics.addPodsMetric('http_requests_per_second', {
  query: 'sum by (namespace, pod) (rate(http_requests_total[2m]))',
});
const ingressRequests = metrics.addObjectMetric('requests_per_second', {
  resource: DescribedResource.ingress(),
  // The controller's own namespace label is the Ingress's, which honorLabels: true in its ServiceMonitor keeps. Without that, Prometheus renames it:
  // add namespaceLabel: 'exported_namespace', and write that into by (…).
  query: 'sum by (namespace, ingress) (rate(nginx_ingress_controller_requests[2m]))',
});
const queueLength = metrics.addExternalMetric('queue_length', {
  query: 'sum by (queue) (rabbitmq_queue_messages_ready)',
  sources: [mimir],
  onEmpty: EmptyMeaning.ZERO,
});

// What is no Prometheus: the pods themselves, and the clock.
const openConnections = metrics.addPodsMetric('open_connections', {
  origin: MetricOrigin.pods({ podLabels: { app: 'workers' }, podNamespace: 'shop', port: 8080, values: PodValues.series('open_connections') }),
});
const officeHours = metrics.addExternalMetric('workers_in_office_hours', {
  origin: MetricOrigin.schedule({
    timeZone: 'Europe/Berlin', windows: [{ start: '0 8 * * mon-fri', end: '0 18 * * mon-fri', value: 5 }], outside: 2,
  }),
});

new ApiObject(chart, 'autoscaler', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    minReplicas: 2,
    maxReplicas: 20,
    metrics: [
      podRequests.podsMetricSpec({ averageValue: '100' }),
      ingressRequests.objectMetricSpec({ name: 'shop', value: '2k' }),
      queueLength.matching({ queue: 'orders' }).externalMetricSpec({ averageValue: '30' }),
    ],
  },
});

new ApiObject(chart, 'workers-autoscaler', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'workers', namespace: 'shop' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'workers' },
    maxReplicas: 10,
    metrics: [
      openConnections.podsMetricSpec({ averageValue: '50' }),
      officeHours.externalMetricSpec({ averageValue: '1' }),
    ],
  },
});

app.synth();
