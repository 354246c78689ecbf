// A team's workload that scales between two and ten pods, beside the metrics server that its autoscaler reads CPU from.
// Alone: node examples/run.js workload-with-hpa
import { App, Chart } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';
import { Cpu, Deployment, HorizontalPodAutoscaler, Metric, MetricTarget } from 'cdk8s-plus-27';

const app = new App();

// A cluster has one metrics server: it belongs to whoever runs the cluster, and is applied before what teams add.
const addOns = new Chart(app, 'workload-with-hpa-add-ons');

new MetricsServer(addOns, 'metrics-server');

// A chart for each team, as many as there are.
const shop = new Chart(app, 'workload-with-hpa', { namespace: 'shop' });

const web = new Deployment(shop, 'web', {
  containers: [{
    image: 'registry.example.com/shop/web:1.4.2',
    portNumber: 8080,
    // Utilization is measured against the request, so there has to be one.
    resources: { cpu: { request: Cpu.millis(200), limit: Cpu.units(1) } },
  }],
});
new HorizontalPodAutoscaler(shop, 'web-hpa', {
  target: web,
  minReplicas: 2,
  maxReplicas: 10,
  metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(70))],
});

app.synth();
