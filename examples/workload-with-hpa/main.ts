import { App, Chart } from 'cdk8s';
import { MetricsServer } from 'cdk8s-metrics-server';
import { Cpu, Deployment, HorizontalPodAutoscaler, Metric, MetricTarget } from 'cdk8s-plus-27';

// A workload that scales between two and ten pods, and the metrics server that its autoscaler reads CPU from.
const app = new App();
const chart = new Chart(app, 'workload-with-hpa', { namespace: 'shop' });

new MetricsServer(chart, 'metrics-server', { namespace: 'kube-system' });

const web = new Deployment(chart, 'web', {
  containers: [{
    image: 'registry.example.com/shop/web:1.4.2',
    portNumber: 8080,
    // Utilization is measured against the request, so there has to be one.
    resources: { cpu: { request: Cpu.millis(200), limit: Cpu.units(1) } },
  }],
});
new HorizontalPodAutoscaler(chart, 'web-hpa', {
  target: web,
  minReplicas: 2,
  maxReplicas: 10,
  metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(70))],
});

app.synth();
