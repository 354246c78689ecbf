import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { stringify } from 'yaml';
import { Manifest } from '../golden/compare-manifests';

export interface HelmChart {
  readonly name: string;
  readonly appVersion: string;
  /** What its templates make, whatever the values. */
  readonly objects: readonly Manifest[];
  /** Charts that it brings along, each of which the value `<name>.enabled` switches off. */
  readonly dependencies?: readonly HelmChart[];
}

/** Writes a chart as Helm reads it. */
export function writeHelmChart(directory: string, { name, appVersion, objects, dependencies = [] }: HelmChart): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, 'templates'), { recursive: true });
  writeFileSync(join(directory, 'Chart.yaml'), stringify({
    apiVersion: 'v2', name, version: '1.0.0', appVersion, dependencies: dependencies.map((one) => ({ name: one.name, version: '1.0.0', condition: `${one.name}.enabled` })),
  }));
  writeFileSync(join(directory, 'templates', 'objects.yaml'), objects.map((object) => stringify(object)).join('---\n'));
  for (const one of dependencies) writeHelmChart(join(directory, 'charts', one.name), one);
}
