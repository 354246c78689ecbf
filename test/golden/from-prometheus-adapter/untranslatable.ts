// What prometheus-adapter serves by test/golden/from-prometheus-adapter/untranslatable.yaml, by one replica; two, as
// its own manifests have, come with highAvailability: true. How the cluster is moved, and which of its arguments go
// into extraArgs:
// https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/migrate-from-prometheus-adapter.md
import { Chart } from 'cdk8s';
import { MetricSource, MetricsAdapter } from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class MetricsAdapterChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const metrics = new MetricsAdapter(this, 'metrics-adapter', {
      namespace: 'monitoring',
      // prometheus-adapter has the URL as its argument --prometheus-url, and what else it takes to be let in.
      sources: [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })],
      // prometheus-adapter serves on until this one runs. Then remove the line, or write gitOps in its place, and apply
      // again.
      apiServices: false,
    });

    // NOT TRANSLATED: test/golden/from-prometheus-adapter/untranslatable.yaml:3: rules[0].name.matches is "^(?!b)", a
    // regular expression that cannot be used, at character 2: (?! looks around, which RE2 cannot

    // NOT TRANSLATED: test/golden/from-prometheus-adapter/untranslatable.yaml:6: rules[1].metricsQuery is a template
    // that cannot be used, at character 11: pipelines are not known here; write the function first

    // NOT TRANSLATED: test/golden/from-prometheus-adapter/untranslatable.yaml:7: rules[2]: rule.metricsQuery: given
    // 'sum(<<.Series>>{<<.LabelMatchers>>}'; allowed: PromQL; ")" or "," is expected at its end; to mend it, write it
    // as in sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})

    // NOT TRANSLATED: test/golden/from-prometheus-adapter/untranslatable.yaml:11: rules[3].serieFilters is not known;
    // there are seriesQuery, seriesFilters, resources, name, metricsQuery

    // test/golden/from-prometheus-adapter/untranslatable.yaml:12
    metrics.addDiscoveryRule({
      seriesQuery: 'e_total',
      resources: { pod: 'pods' },
      metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    });

    // NOT TRANSLATED: test/golden/from-prometheus-adapter/untranslatable.yaml:15: externalRule is not
    // prometheus-adapter's, which has rules, externalRules and resourceRules
  }
}
