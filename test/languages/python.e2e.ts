import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ENVIRONMENT, LanguageExample } from './five-languages';
import { devDependencies } from '../../package.json';

describe('Python', () => {
  let example: LanguageExample;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => { example = new LanguageExample('python'); });

  afterAll(() => example?.remove());

  test('the wheel installs into a virtual environment', () => {
    const packages = example.buildPackage();
    const [wheel] = fs.readdirSync(packages).filter((file) => file.endsWith('.whl'));
    const venv = example.newDirectory('venv');
    execFileSync('python3', ['-m', 'venv', venv]);
    env = { ...ENVIRONMENT, PATH: `${path.join(venv, 'bin')}${path.delimiter}${process.env.PATH}` };

    pip('install', path.join(packages, wheel), `cdk8s==${devDependencies.cdk8s}`, `constructs==${devDependencies.constructs}`);
    pip('install', '--no-index', '--requirement', path.join(example.directory, 'requirements.txt'));
  });

  test('the example synthesizes the manifest of the TypeScript one', () => {
    expect(example.synth(env)).toBe(example.typescriptManifest());
  });

  test('a wrong value is an exception of one sentence', () => {
    const program = `
from cdk8s import Chart, Duration, Testing
from cdk8s_metrics_server import MetricsServer
try:
    MetricsServer(Chart(Testing.app(), "lab"), "metrics-server", metric_resolution=Duration.seconds(5))
except Exception as mistake:
    print(f"{type(mistake).__name__}: {mistake}")
`;

    expect(execFileSync('python', ['-c', program], { env, encoding: 'utf8' })).toMatch(
      /^RuntimeError: \[lab\/metrics-server\] metricResolution: given '5s'; allowed: [^;\n]+; to mend it, [^;\n]+\n$/);
  });

  test('queries are read by the grammar that is in the wheel', () => {
    const program = `
import json
from cdk8s import Chart, Testing
from cdk8s_metrics_server import MetricSource, MetricsAdapter
metrics = MetricsAdapter(Chart(Testing.app(), "lab"), "metrics", sources=[MetricSource.prometheus(url="http://prometheus:9090")])
rps = metrics.add_pods_metric("rps", query="sum by (namespace, pod, verb) (rate(requests[2m]))")
print(json.dumps(rps.matching({"verb": "GET"}).pods_metric_spec(average_value="100")))
try:
    metrics.add_external_metric("depth", query="sum(")
except Exception as mistake:
    print(mistake)
`;

    const [spec, mistake] = execFileSync('python', ['-c', program], { env, encoding: 'utf8' }).trim().split('\n');
    expect(JSON.parse(spec)).toEqual({
      type: 'Pods', pods: { metric: { name: 'rps', selector: { matchLabels: { verb: 'GET' } } }, target: { type: 'AverageValue', averageValue: '100' } },
    });
    expect(mistake).toMatch(/^Error: \[lab\/metrics\] options\.query: given 'sum\('; allowed: PromQL/);
  });

  function pip(...args: string[]): void {
    execFileSync('python', ['-m', 'pip', '--quiet', '--disable-pip-version-check', ...args], { env });
  }
});
