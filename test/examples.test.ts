import { execFile, execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { promisify } from 'util';
import { parse } from 'yaml';
import { Manifest, parseManifests } from './golden/compare-manifests';

const EXAMPLES = path.join(__dirname, '..', 'examples');
const CDK8S_CLI = path.join(__dirname, '..', 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
const situations = fs.readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

describe('examples', () => {
  let outdir: string;

  beforeEach(() => {
    outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
    process.env.CDK8S_OUTDIR = outdir;
  });

  afterEach(() => {
    delete process.env.CDK8S_OUTDIR;
    fs.rmSync(outdir, { recursive: true });
  });

  test.each(situations.filter((situation) => !['flux', 'workload-with-hpa'].includes(situation)))('%s synthesizes one chart into a file of its own', (situation) => {
    const chart = situation === 'default' ? 'metrics-server' : situation;

    expect([...synthesize(situation).keys()]).toEqual([`${chart}.k8s.yaml`]);
  });

  test('flux synthesizes a folder for each Kustomization, the APIServices in the second', () => {
    const kinds = (folder: string) => new Set([...synthesize('flux')].filter(([file]) => file.startsWith(folder)).flatMap(([, objects]) => objects.map(({ kind }) => kind)));

    expect(kinds('0001-flux-api-services/')).toEqual(new Set(['APIService']));
    expect(kinds('0000-flux/')).toContain('Deployment');
    expect(kinds('0000-flux/')).not.toContain('APIService');
  });

  test.each(situations)('%s has what `cdk8s synth` reads', (situation) => {
    expect(parse(fs.readFileSync(path.join(EXAMPLES, situation, 'cdk8s.yaml'), 'utf8'))).toMatchObject({
      language: 'typescript', app: `node ../run.js ${situation}`, output: 'dist',
    });
  });

  test('`npx cdk8s synth` in each folder writes what the example synthesizes', async () => {
    const waiting = [...situations];
    const synthesizeNext = async () => {
      for (let situation = waiting.pop(); situation; situation = waiting.pop()) {
        const output = path.join(outdir, situation);
        await promisify(execFile)(process.execPath, [CDK8S_CLI, 'synth', '--check-upgrade', 'false', '--output', output], { cwd: path.join(EXAMPLES, situation) });
      }
    };
    await Promise.all([synthesizeNext(), synthesizeNext()]);

    for (const situation of situations) {
      process.env.CDK8S_OUTDIR = path.join(outdir, `${situation}-by-itself`);
      run(situation);
      expect([situation, textsIn(path.join(outdir, situation))]).toEqual([situation, textsIn(process.env.CDK8S_OUTDIR)]);
    }
  }, 240_000);

  test('README.md lists each of them', () => {
    const readme = fs.readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');

    expect([...readme.matchAll(/^\| \[(.+)\]\(\1\) \|/gm)].map(([, name]) => name)).toEqual(situations);
  });

  test('the workload is scaled by an autoscaler that reads what the metrics server in another chart serves', () => {
    const charts = synthesize('workload-with-hpa');
    const [team, addOns] = ['workload-with-hpa.k8s.yaml', 'workload-with-hpa-add-ons.k8s.yaml'].map((file) => charts.get(file)!);
    const [hpa] = team.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');

    expect(hpa.spec.metrics).toEqual([{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }]);
    expect(addOns.map(({ metadata }) => metadata.name)).toContain('v1beta1.metrics.k8s.io');
    // A chart that every team has a copy of holds nothing that a cluster has once.
    expect(team.filter(({ metadata }) => metadata.namespace !== 'shop')).toEqual([]);
  });

  test('service-catalog serves what the chart of Service Catalog 0.2 makes it serve, and keeps its objects where only it reads them', () => {
    const objects = synthesize('service-catalog').get('service-catalog.k8s.yaml')!;
    const the = (kind: string) => objects.find((object) => object.kind === kind)!;
    const { containers: [server, etcd], volumes } = the('Deployment').spec.template.spec;

    expect(the('APIService').spec).toMatchObject({ group: 'servicecatalog.k8s.io', version: 'v1beta1', groupPriorityMinimum: 10000, versionPriority: 20 });
    expect(server.command).toEqual(['/opt/services/service-catalog', 'apiserver']);
    expect(server.args).toEqual(expect.arrayContaining([
      '--secure-port=8443',
      '--etcd-servers=http://localhost:2379',
      '--enable-admission-plugins=NamespaceLifecycle,DefaultServicePlan,ServiceBindingsLifecycle,ServicePlanChangeValidator,BrokerAuthSarCheck',
    ]));
    expect(etcd.command).toContain('--listen-client-urls=http://127.0.0.1:2379');
    expect(etcd.volumeMounts).toEqual([{ name: 'etcd-data', mountPath: '/etcd-data' }]);
    expect(volumes).toContainEqual({ name: 'etcd-data', persistentVolumeClaim: { claimName: the('PersistentVolumeClaim').metadata.name } });
  });

  test.each(situations.filter((situation) => situation !== 'five-languages'))('%s says on top what it is for, and how to run it alone', (situation) => {
    const [what, how, code] = fs.readFileSync(path.join(EXAMPLES, situation, 'main.ts'), 'utf8').split('\n');

    expect(what).toMatch(/^\/\/ [A-Za-z].*\.$/);
    expect(how).toBe(`// Alone: node examples/run.js ${situation}`);
    expect(code).toMatch(/^import /);
  });

  test('one runs alone', () => {
    execFileSync(process.execPath, [path.join(EXAMPLES, 'run.js'), 'nanny'], { env: process.env });

    expect(fs.readdirSync(outdir)).toEqual(['nanny.k8s.yaml']);
  });

  function synthesize(situation: string): Map<string, Manifest[]> {
    run(situation);
    return new Map(Object.entries(textsIn(outdir)).map(([file, text]) => [file, parseManifests(text)]));
  }
});

function run(situation: string): void {
  jest.isolateModules(() => jest.requireActual(path.join(EXAMPLES, situation, 'main.ts')));
}

/** The manifests in a directory, by their paths. */
function textsIn(directory: string): Record<string, string> {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(directory, file), 'utf8')]));
}
