import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { GOLDEN_MANIFESTS } from './golden/compare-manifests';
import { PackedPackage } from './packed-package';

// Compiles, packs and installs: seconds each, more on a loaded machine.
jest.setTimeout(240_000);

const ROOT = path.join(__dirname, '..');

describe('the published package', () => {
  let pkg: PackedPackage;
  let assembly: any;
  const golden = () => fs.readFileSync(path.join(GOLDEN_MANIFESTS, 'default.yaml'), 'utf8').replace('<version>', '1.2.3');

  beforeAll(() => {
    pkg = new PackedPackage('1.2.3');
    assembly = JSON.parse(fs.readFileSync(path.join(pkg.directory, '.jsii'), 'utf8'));
  });

  afterAll(() => pkg?.remove());

  test('synthesizes the default chart of its version, installed with cdk8s and constructs alone', () => {
    const app = pkg.newDirectory('app');
    fs.writeFileSync(path.join(app, 'package.json'), '{ "private": true }');
    pkg.npm(app, 'install', pkg.tarball, 'cdk8s@2.70.0', 'constructs@10.5.0');
    fs.writeFileSync(path.join(app, 'main.js'), `
      const { App, Chart } = require('cdk8s');
      const { MetricsServer } = require('cdk8s-metrics-server');
      const app = new App();
      new MetricsServer(new Chart(app, 'metrics-server'), 'metrics-server');
      process.stdout.write(app.synthYaml());
    `);

    const { packages } = JSON.parse(fs.readFileSync(path.join(app, 'node_modules', '.package-lock.json'), 'utf8'));
    const installed = Object.keys(packages).filter((name) => !packages[name].inBundle);
    expect(installed.sort()).toEqual(['node_modules/cdk8s', 'node_modules/cdk8s-metrics-server', 'node_modules/constructs']);
    expect(execFileSync(process.execPath, ['main.js'], { cwd: app, encoding: 'utf8' })).toBe(golden());

    // The grammar of PromQL is in the package.
    fs.writeFileSync(path.join(app, 'metrics.js'), `
      const { App, Chart } = require('cdk8s');
      const { MetricsAdapter, MetricSource } = require('cdk8s-metrics-server');
      const metrics = new MetricsAdapter(new Chart(new App(), 'chart'), 'metrics', { sources: [MetricSource.prometheus({ url: 'http://prometheus' })] });
      metrics.addExternalMetric('a', { query: process.argv[2] });
    `);
    const declare = (query: string) => spawnSync(process.execPath, ['metrics.js', query], { cwd: app, encoding: 'utf8' });
    expect(declare('sum(rate(a[5m]))')).toMatchObject({ status: 0, stderr: '' });
    expect(declare('sum(rate(a[5m])')).toMatchObject({ status: 1, stderr: expect.stringContaining('PromQL; ")" or "," is expected at its end') });
    const notices = fs.readFileSync(path.join(app, 'node_modules', 'cdk8s-metrics-server', 'assets', 'promql', 'THIRD-PARTY-NOTICES'), 'utf8');
    expect([...notices.matchAll(/^(@\S+) \S+ \((.+)\)$/gm)].map(([, name, license]) => [name, license])).toEqual([
      ['@lezer/common', 'MIT'], ['@lezer/highlight', 'MIT'], ['@lezer/lr', 'MIT'], ['@prometheus-io/lezer-promql', 'Apache-2.0'],
    ]);

    const command = (args: string[], input = '') => spawnSync('npx', ['--no-install', 'cdk8s-metrics-server', ...args], { cwd: app, encoding: 'utf8', input });
    expect(command(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('from-helm') });
    expect(command(['--version'])).toMatchObject({ status: 0, stdout: '1.2.3\n' });
    expect(command(['from-helm', '-'], 'replicas: 2\n')).toMatchObject({ status: 0, stdout: expect.stringContaining('replicas: 2,') });
  });

  test('is made with its commands by what README.md says', () => {
    const [, ...tasks] = /npx projen ([\w:-]+) && npx projen ([\w:-]+) && npx projen ([\w:-]+)/.exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'))!;
    const { bin } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const steps = tasks.flatMap(commandsOf);

    for (const file of Object.values(bin)) expect(steps).toContainEqual(expect.stringContaining(`--outfile=${file}`));
    for (const file of ['assets/runtime/main/index.js', 'assets/promql/index.js', 'runtime/index.js']) expect(steps).toContainEqual(expect.stringContaining(`--outfile=${file}`));
  });

  test('synthesizes an example in a project of one\'s own, made of the files that examples/README.md lists', () => {
    const examples = path.join(ROOT, 'examples');
    const project = pkg.newDirectory('own');
    const files = [...fs.readFileSync(path.join(examples, 'README.md'), 'utf8').matchAll(/^`([\w.]+)`:\n\n```\w+\n([\s\S]*?)```/gm)];
    expect(files.map(([, name]) => name)).toEqual(['package.json', 'tsconfig.json', 'cdk8s.yaml']);
    for (const [, name, text] of files) fs.writeFileSync(path.join(project, name), text.replace('"0.0.0"', JSON.stringify(`file:${pkg.tarball}`)));
    fs.copyFileSync(path.join(examples, 'default', 'main.ts'), path.join(project, 'main.ts'));

    pkg.npm(project, 'install');
    execFileSync('npx', ['cdk8s', 'synth', '--check-upgrade', 'false'], { cwd: project });

    expect(fs.readFileSync(path.join(project, 'dist', 'metrics-server.k8s.yaml'), 'utf8')).toBe(golden());
  });

  test.each([
    ['node10', 'commonjs', 'commonjs'], ['node16', 'node16', 'commonjs'], ['node16', 'node16', 'module'], ['bundler', 'commonjs', 'commonjs'],
  ])('lets a provider of metrics be written: moduleResolution %s, module %s, package type %s', (moduleResolution, module, type) => {
    const project = pkg.newUnpacked(`provider-${moduleResolution}-${type}`);
    fs.writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type }));
    fs.copyFileSync(path.join(ROOT, 'examples', 'own-metric-server', 'server.ts'), path.join(project, 'server.ts'));
    fs.writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { module, moduleResolution, target: 'es2022', strict: true, types: [], ignoreDeprecations: '6.0' }, files: ['server.ts'],
    }));

    execFileSync(process.execPath, [path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: project });

    expect(execFileSync(process.execPath, ['server.js', '--version'], { cwd: project, encoding: 'utf8' })).toBe('v1.2.3\n');
  });

  test('keeps the runtime from jsii, and what is internal from everybody', () => {
    expect(JSON.stringify(assembly.types)).not.toMatch(/CustomMetricsProvider|Quantity/);
    const root = path.join(pkg.newUnpacked('contents'), 'node_modules', 'cdk8s-metrics-server');
    expect(fs.readdirSync(path.join(root, 'runtime')).sort()).toEqual(['THIRD-PARTY-NOTICES', 'index.d.ts', 'index.js', 'index.js.map']);
    expect(fs.existsSync(path.join(root, 'src'))).toBe(false);
    const types = fs.readFileSync(path.join(root, 'runtime', 'index.d.ts'), 'utf8');
    expect(types).not.toMatch(/\bimport\b|node:/);
    expect([...types.matchAll(/^export (?:declare )?\w+ (\w+)/gm)].map(([, name]) => name)).toContain('CustomMetricsProvider');
    expect(types).not.toMatch(/^export (?:declare )?\w+ (?:StatusDetails|ApiServer|ExtensionServer)/m);
    const resolve = (name: string) => execFileSync(process.execPath, ['-p', `require.resolve(${JSON.stringify(name)})`], { cwd: path.join(root, '../..'), encoding: 'utf8' });
    for (const [name, file] of [['', 'lib/index.js'], ['/runtime', 'runtime/index.js'], ['/package.json', 'package.json'], ['/.jsii', '.jsii']]) {
      expect(resolve(`cdk8s-metrics-server${name}`).trim()).toMatch(new RegExp(`/cdk8s-metrics-server/${file.replaceAll('.', '\\.')}$`));
    }
  });

  test('names no cdk8s-plus, in any language', () => {
    const out = pkg.newDirectory('bindings');
    pkg.runTool('jsii-pacmak', '--code-only', '--outdir', out, '--targets', 'python', 'java', 'go', 'dotnet');
    const { readme, ...rest } = assembly;
    const named = ['setup.py', 'pom.xml', 'go.mod', 'Cdk8sMetricsServer.csproj'].map((name) => {
      const [file] = fs.readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((entry) => path.basename(entry) === name);
      return [name, fs.readFileSync(path.join(out, file), 'utf8')];
    });

    for (const [name, text] of [['.jsii', JSON.stringify(rest)], ...named]) {
      expect([name, /cdk8s/i.test(text), /cdk8s.?plus/i.test(text)]).toEqual([name, true, false]);
    }
  });

  // Python, Java and Go programs are run by test/languages; .NET's toolchain cannot be expected here.
  test('is used in C# as the translation of the TypeScript example says', () => {
    const example = path.join(ROOT, 'examples', 'five-languages');

    // The translator knows the types that it finds where it runs.
    const translation = pkg.runToolIn(pkg.newProject('translation'), 'jsii-rosetta', 'snippet', '--language', 'csharp', path.join(example, 'main.ts'));

    expect(withoutSpace(fs.readFileSync(path.join(example, 'dotnet', 'Program.cs'), 'utf8'))).toBe(withoutSpace(translation));
  });

  test('has a public API that five languages can use: no unions, no overloads, no generics', () => {
    expect(JSON.stringify(assembly.types)).not.toMatch(/"(union|intersection)":/);

    const exported = new Set(Object.values<any>(assembly.types).map(({ name }) => name));
    const lib = path.join(pkg.directory, 'lib');
    const sources = fs.readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts') && !/(^|\/)_/.test(file))
      .map((file) => ts.createSourceFile(file, fs.readFileSync(path.join(lib, file), 'utf8'), ts.ScriptTarget.Latest, true));
    const types = sources.flatMap((source) => source.statements)
      .filter((node): node is ts.ClassDeclaration | ts.InterfaceDeclaration => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node))
      .filter((node) => exported.has(node.name!.text));
    expect(types).toHaveLength(Object.values<any>(assembly.types).filter(({ kind }) => kind !== 'enum').length);

    const hostile = types.flatMap((type) => {
      const methods = [...type.members].filter((member) =>
        ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isConstructorDeclaration(member));
      const names = methods.map((method) => method.name?.getText() ?? 'constructor');
      return [
        ...(type.typeParameters ? [`${type.name!.text} is generic`] : []),
        ...methods.filter((method) => method.typeParameters).map((method) => `${type.name!.text}.${method.name!.getText()} is generic`),
        ...names.filter((name, i) => names.indexOf(name) < i).map((name) => `${type.name!.text}.${name} is overloaded`),
      ];
    });
    expect(hostile).toEqual([]);
  });

  test('documents every type, property and parameter in a whole sentence, and every default', () => {
    // jsii ends a summary at a semicolon as well.
    const isSaid = ({ docs }: any) => docs?.summary && !docs.summary.endsWith(';');
    const undocumented = Object.values<any>(assembly.types).flatMap((type) => [
      ...(isSaid(type) ? [] : [type.name]),
      ...(type.members ?? []).filter((member: any) => !isSaid(member)).map((member: any) => `${type.name}.${member.name}`),
      ...(type.properties ?? [])
        .filter((property: any) => !isSaid(property) || (type.datatype && property.optional && !property.docs.default))
        .map((property: any) => `${type.name}.${property.name}`),
      ...(type.methods ?? []).flatMap((method: any) => [
        ...(isSaid(method) ? [] : [`${type.name}.${method.name}`]),
        ...(method.parameters ?? []).filter((parameter: any) => !isSaid(parameter)).map((p: any) => `${type.name}.${method.name}(${p.name})`),
      ]),
    ]);

    expect(undocumented).toEqual([]);
  });
});

/** What a task runs, those that it spawns included. */
function commandsOf(task: string): string[] {
  const { tasks } = JSON.parse(fs.readFileSync(path.join(ROOT, '.projen', 'tasks.json'), 'utf8'));
  return (tasks[task].steps ?? []).flatMap(({ exec, execArgs, spawn }: Record<string, any>) => spawn ? commandsOf(spawn) : exec ?? execArgs.join(' '));
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, '');
}
