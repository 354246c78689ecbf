import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { stringify } from 'yaml';
import { GOLDEN_MANIFESTS } from '../golden/compare-manifests';
import { PackedPackage } from '../packed-package';

// Compiles, packs, installs and starts cdk8s-cli: seconds each, more on a loaded machine.
jest.setTimeout(240_000);

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const CDK8S_CLI = 'cdk8s-cli@2.207.60';
const UPSTREAM = path.join(GOLDEN_MANIFESTS, 'upstream', 'metrics-server-v0.9.0', 'components.yaml');
const DEFAULT_APP = fs.readFileSync(path.join(EXAMPLES, 'default', 'main.ts'), 'utf8');
const INCLUDE_APP = `
  import { App, Chart, Include } from 'cdk8s';
  const app = new App();
  new Include(new Chart(app, 'theirs'), 'metrics-server', { url: ${JSON.stringify(UPSTREAM)} });
  app.synth();
`;

describe('cdk8s synth with the packed plug-in', () => {
  let pkg: PackedPackage;
  let project: string;

  beforeAll(() => {
    pkg = new PackedPackage('1.2.3');
    project = pkg.newDirectory('project');
    fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }');
    pkg.npm(project, 'install', '--omit=optional', pkg.tarball, CDK8S_CLI, 'cdk8s@2.70.0', 'constructs@10.5.0', 'cdk8s-plus-27@2.9.5');
  });

  afterAll(() => pkg?.remove());

  test('finds the plug-in in the package, where jsii does not', () => {
    expect(fs.readFileSync(path.join(pkg.directory, 'lib', 'index.js'), 'utf8')).toContain('exports.MetricsServerValidation');
    expect(fs.readFileSync(path.join(pkg.directory, '.jsii'), 'utf8')).not.toMatch(/MetricsServerValidation|ValidationPlugin/);
  });

  test('fails on metrics-server\'s own manifest, for its insecure TLS', () => {
    const { status, report } = synth(INCLUDE_APP);

    expect(status).toBe(2);
    expect(report.summary).toMatchObject({ status: 'failure', version: '1.2.3', metadata: { error: '0', insecure: '1', warning: '1' } });
    expect(report.violations.map(({ ruleName }: any) => ruleName)).toEqual(['insecure-tls (insecure)', 'single-replica (warning)']);
    expect(report.violations[0].violatingConstructs).toEqual([{
      resourceName: 'v1beta1.metrics.k8s.io',
      manifestPath: expect.stringMatching(/theirs\.k8s\.yaml$/),
      locations: ['spec.insecureSkipTLSVerify: true'],
      constructPath: expect.stringContaining('theirs/metrics-server/'),
    }]);
  });

  test('passes on the default chart, with a warning that fails it where that is asked for', () => {
    expect(synth(DEFAULT_APP)).toMatchObject({ status: 0, report: { summary: { metadata: { warning: '1' } } } });
    expect(synth(DEFAULT_APP, { failOn: 'warning' }).status).toBe(2);
    expect(synth(DEFAULT_APP, { failOn: 'warning', exclude: ['single-replica'] }).status).toBe(0);
  });

  test.each(exampleNames())('passes on the example %s', (name) => {
    const { status, output, report } = synth(fs.readFileSync(path.join(EXAMPLES, name, 'main.ts'), 'utf8'));

    expect([status, status === 0 ? '' : output]).toEqual([0, '']);
    expect(report.summary).toMatchObject({ status: 'success', metadata: { error: '0', insecure: '0' } });
  });

  function synth(program: string, properties: object = {}) {
    fs.writeFileSync(path.join(project, 'main.js'), ts.transpile(program, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }));
    fs.writeFileSync(path.join(project, 'cdk8s.yaml'), stringify({
      language: 'typescript',
      app: `"${process.execPath}" main.js`,
      validations: [{ package: `.${path.sep}${path.join('node_modules', 'cdk8s-metrics-server')}`, class: 'MetricsServerValidation', version: '1.2.3', properties }],
    }));
    const reports = path.join(project, 'reports.json');
    for (const old of ['dist', 'reports.json']) fs.rmSync(path.join(project, old), { recursive: true, force: true });
    const cli = path.join(project, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
    const { status, stdout, stderr } = spawnSync(
      process.execPath, [cli, 'synth', '--check-upgrade', 'false', '--validation-reports-output-file', reports], { cwd: project, encoding: 'utf8' },
    );
    const output = stdout + stderr;
    return { status, output, report: fs.existsSync(reports) ? JSON.parse(fs.readFileSync(reports, 'utf8')).reports[0] : output };
  }
});

function exampleNames(): string[] {
  return fs.readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
