// Production: the loss of a node, or its drain, leaves a replica that answers, and only whom it concerns may connect.
// Alone: node examples/run.js high-availability
import { App, Chart } from 'cdk8s';
import { MetricsServer, PercentOrAbsolute, RuleLevel, Rules, UnhealthyPodEvictionPolicy } from 'cdk8s-metrics-server';

const app = new App();
const chart = new Chart(app, 'high-availability');

new MetricsServer(chart, 'metrics-server', {
  // Two replicas on two nodes. What is said beside it wins.
  highAvailability: true,
  disruptionBudget: {
    minAvailable: PercentOrAbsolute.absolute(1),
    unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW,
  },
  networkPolicy: {
    apiServerCidrs: ['10.0.0.0/28'],
    nodeCidrs: ['10.1.0.0/16'],
    scraperNamespaces: ['monitoring'],
  },
});
Rules.enforce(app, { failOn: RuleLevel.WARNING });

app.synth();
