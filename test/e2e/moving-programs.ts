import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { commandsOf } from './commands';
import { runCli } from '../cli/run-cli';
import { Manifest } from '../golden/compare-manifests';

mkdirSync('build', { recursive: true });
/** Beneath the package, so that programs find what they import; of one test file, since two run at a time. */
export const DIRECTORY = mkdtempSync(resolve('build', 'moving-'));
export const HELM_CHART = 'helm-chart-3.13.1';

export interface Program {
  readonly objects: readonly Manifest[];
  /** Commands that it asks for, before and after the first apply. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Those that make Helm forget the release, some days later. */
  readonly record: readonly string[];
}

export interface FromHelmOptions {
  readonly args?: readonly string[];
  /** What a user changes in the program that is printed. */
  readonly edit?: (program: string) => string;
}

/** As the guide has it: the companion image instead of the chart's. */
export function companion(program: string): string {
  return unverifiedCompanion(program).replace(/^ +servingCertificate: .*\n/m, '').replace(', ServingCertificate', '');
}

/** The companion image, not verified. */
export function unverifiedCompanion(program: string): string {
  return program.replace(/^ +image: .*\n/m, '').replace('Image, ', '');
}

let programs = 0;

/** What `from-helm` prints, compiled and synthesized, with the commands at its end. */
export async function fromHelm(values: string, release: string, options: FromHelmOptions = {}): Promise<Program> {
  const { code, out } = runCli(['from-helm', `test/golden/manifests/${HELM_CHART}/values/${values}.yaml`, '--release', release, ...options.args ?? []]);
  expect(code).toBe(0);
  return programOf(out, options.edit);
}

/** A program as it is printed, or as its user edits it: compiled and synthesized. */
export async function programOf(printed: string, edit?: FromHelmOptions['edit']): Promise<Program> {
  const file = join(DIRECTORY, `program-${programs++}.ts`);
  writeFileSync(file, edit?.(printed) ?? printed);
  const { MetricsServerChart } = await import(file) as { MetricsServerChart: new (scope: Construct, id: string) => Chart };
  const [head, tail = ''] = printed.split(/\/\/ (?:apply, by either of|let the same Application)/);
  const [steps, record = ''] = tail.split('// some days later');
  return {
    objects: new MetricsServerChart(new App(), 'ours').toJson(),
    before: commandsOf(head),
    after: commandsOf(steps.split('// when the new pods are ready').slice(1).join('\n')),
    record: commandsOf(record),
  };
}

/** The chart's objects as a release of another name: everything but the container and the label of the chart's name. */
export function released(object: Manifest, release: string): Manifest {
  const renamed = JSON.parse(JSON.stringify(object)
    .replace(/"(system:)?metrics-server(-aggregated-reader|-auth-reader|:system:auth-delegator)?"/g, `"$1${release}-metrics-server$2"`)
    .replace(/"app.kubernetes.io\/name":"[^"]*"/g, '"app.kubernetes.io/name":"metrics-server"')
    .replace(/"app.kubernetes.io\/instance":"[^"]*"/g, `"app.kubernetes.io/instance":"${release}"`));
  if (renamed.kind === 'Deployment') renamed.spec.template.spec.containers[0].name = 'metrics-server';
  return renamed;
}
