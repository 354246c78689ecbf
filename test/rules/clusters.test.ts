import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { documentsOf, exampleText } from './rule-examples';
import { KubeletServingApprover, MetricsServer, Platform, Rules } from '../../src';
import { judgeByCluster, Unit } from '../../src/rules/_clusters';
import { objectName } from '../../src/rules/_judge';

const WITH_BUDGET = documentsOf(exampleText('no-disruption-budget', 'right'));
const WITHOUT_BUDGET = documentsOf(exampleText('no-disruption-budget', 'wrong'));
const [SERVER, ...BUDGET] = WITH_BUDGET;

function findings(units: Unit[], asked = units): string[] {
  return judgeByCluster(units, asked, []).map(({ rule, object }) => `${rule.id}: ${objectName(object)}`);
}

describe('units of several clusters', () => {
  test('are told apart by a workload that they share: none has the budget of another', () => {
    expect(findings([WITH_BUDGET, WITHOUT_BUDGET])).toEqual(['no-disruption-budget: Deployment kube-system/metrics-server']);
    expect(findings([WITH_BUDGET, structuredClone(WITH_BUDGET)])).toEqual([]);
  });

  test('share what is in none of them twice', () => {
    expect(findings([[SERVER], structuredClone([SERVER]), BUDGET])).toEqual([]);
  });

  test('are not asked whether an APIService is there before, unless their servers differ', () => {
    const api = documentsOf(exampleText('api-service-twice', 'right'));
    const elsewhere = documentsOf(exampleText('api-service-twice', 'right').replaceAll('namespace: kube-system', 'namespace: monitoring'));

    expect(findings([api, structuredClone(api)])).toEqual([]);
    expect(findings([api, elsewhere])).toEqual(['api-service-twice: APIService v1beta1.metrics.k8s.io']);
    // Flux has the APIServices in charts of their own.
    const flux = [[SERVER], structuredClone([SERVER]), BUDGET, [api[0]], structuredClone([api[0]])];
    expect(findings(flux).filter((found) => found.startsWith('api-service-twice'))).toEqual([]);
  });

  test('are one, where whoever applies them chooses the namespace', () => {
    const here = (documents: any[]) => documents.map((document) => ({ ...document, metadata: { ...document.metadata, namespace: undefined } }));

    expect(findings([here(WITH_BUDGET), here(WITHOUT_BUDGET)])).toEqual([]);
  });

  test('are judged for those that are asked of alone', () => {
    expect(findings([WITH_BUDGET, WITHOUT_BUDGET], [WITH_BUDGET])).toEqual([]);
  });
});

test.each<[string, (app: App, name: string) => Chart[]]>([
  ['charts', (app, name) => {
    const chart = new Chart(app, name);
    return [chart, chart];
  }],
  ['scopes with charts', (app, name) => {
    const scope = new Construct(app, name);
    return [new Chart(scope, 'server'), new Chart(scope, 'approver')];
  }],
])('%s of an App are such units: the approver of one cluster is none of another', (_, chartsOf) => {
  const app = new App();
  const [here, there] = ['with', 'without'].map((name) => chartsOf(app, name));
  const charts = [here[0], there[0]];
  charts.forEach((chart) => new MetricsServer(chart, 'ms', { platform: Platform.kubeadm(), replicas: 1 }));
  new KubeletServingApprover(here[1], 'approver');

  const found = (chart: Chart) => Rules.findings(chart).map(({ ruleId }) => ruleId).filter((id) => id !== 'single-replica');
  expect(charts.map(found)).toEqual([[], ['self-signed-kubelets']]);
});
