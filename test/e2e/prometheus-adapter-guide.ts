import { mkdirSync, writeFileSync } from 'fs';
import { guideBlocks } from './commands';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';
import { METRICS_ADAPTER, servicesOfMetrics } from './prometheus-adapter-origin';
import { Shell } from './shell';
import { chartOf } from '../cli/from-helm/read-program';
import { runCli } from '../cli/run-cli';

const GUIDE = 'docs/migrate-from-prometheus-adapter.md';
const [PRINT] = guideBlocks(GUIDE, '## Print the chart');
const [APPLY, APPLY_AGAIN, CLEAN_UP, BACK, DELETE] = guideBlocks(GUIDE, '## Move the cluster');
const [KEEP_CA, CLEAN_UP_RELEASE, DEPENDENCY] = guideBlocks(GUIDE, '## With Helm, Argo CD or Flux');

/** The guide's commands by what they are for. */
export const STEPS = { PRINT, APPLY, APPLY_AGAIN, CLEAN_UP, BACK, DELETE, KEEP_CA, CLEAN_UP_RELEASE, DEPENDENCY };

/** Who moves from prometheus-adapter by the guide, on a cluster where nobody runs pods. */
export class GuidedMove {
  /** On a control plane of its own, with the namespace of both adapters. */
  public static async start(): Promise<GuidedMove> {
    const move = new GuidedMove(await ControlPlane.start({ controllers: false }));
    await eventually(() => move.kubectl.run('create', 'namespace', METRICS_ADAPTER.namespace));
    return move;
  }

  public readonly shell: Shell;
  public readonly kubectl: Kubectl;
  /** What `npx cdk8s synth` finds. */
  private program = '';

  private constructor(private readonly controlPlane: ControlPlane) {
    this.shell = new Shell(controlPlane);
    this.kubectl = new Kubectl(controlPlane);
    mkdirSync(this.shell.path('dist'));
  }

  public stop(): Promise<void> {
    return this.controlPlane.stop();
  }

  /** Prints the program, whose adapter takes no API group yet. */
  public async print(commands: readonly string[]): Promise<string> {
    const [get, print] = commands;
    await this.shell.run(get);
    const args = print.replace('npx cdk8s-metrics-server ', '').replace('config.yaml', this.shell.path('config.yaml')).split(' ');
    const { code, errors, written } = runCli(args);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    return this.program = written.get('metrics-adapter.ts')!;
  }

  /** What its user makes of the program. */
  public edit(change: (program: string) => string): void {
    this.program = change(this.program);
  }

  public async follow(commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      const [, deployment] = /^kubectl rollout status deployment\/(\S+) -n monitoring$/.exec(command) ?? [];
      if (deployment) await this.playReady(deployment);
      if (command === 'npx cdk8s synth') this.synthesize();
      else await this.shell.run(command);
    }
  }

  /** Fills in what the runtime would, whose pods nobody runs here. */
  public async playCaBundles(): Promise<void> {
    const caBundle = Buffer.from(await this.kubectl.run('get', 'configmap', 'extension-apiserver-authentication', '-n', 'kube-system', '-o', 'jsonpath={.data.client-ca-file}')).toString('base64');
    for (const [name, service] of Object.entries(await servicesOfMetrics(this.kubectl))) {
      if (service.name === METRICS_ADAPTER.name) await this.kubectl.run('patch', 'apiservice', name, '--type=merge', '-p', JSON.stringify({ spec: { caBundle, insecureSkipTLSVerify: false } }));
    }
  }

  private synthesize(): void {
    const items = chartOf(this.program, 'MetricsAdapterChart').toJson();
    writeFileSync(this.shell.path('dist/metrics-adapter.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  }

  /** Says of a Deployment what kube-controller-manager says when its pods are ready. */
  private async playReady(name: string): Promise<void> {
    const { metadata: { generation }, spec: { replicas } } = await this.kubectl.json('get', 'deployment', name, '-n', 'monitoring');
    const status = { observedGeneration: generation, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    await this.kubectl.run('patch', 'deployment', name, '-n', 'monitoring', '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));
  }
}
