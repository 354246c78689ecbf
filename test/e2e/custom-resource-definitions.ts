import { execFile } from 'child_process';
import { readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { parseAllDocuments } from 'yaml';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';

interface Project {
  readonly module: string;
  readonly folder: string;
  /** Files of the kinds that our constructs synthesize, and of those that these lead to; the others are many megabytes of schema. */
  readonly files: readonly string[];
}

export const PROMETHEUS_OPERATOR: Project = {
  module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  folder: 'example/prometheus-operator-crd',
  files: ['servicemonitors', 'podmonitors', 'prometheusrules'].map((kind) => `monitoring.coreos.com_${kind}.yaml`),
};

export const CERT_MANAGER: Project = {
  module: 'github.com/cert-manager/cert-manager@v1.21.2',
  folder: 'deploy/crds',
  files: ['certificates', 'certificaterequests', 'issuers', 'clusterissuers'].map((kind) => `cert-manager.io_${kind}.yaml`),
};

/** Creates a project's own CustomResourceDefinitions, taken from its Go module, and waits until they are served. */
export async function createCustomResourceDefinitions(controlPlane: ControlPlane, { module, folder, files }: Project): Promise<void> {
  const directory = await downloadGoModule(module);
  const definitions = files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(directory, folder, file), 'utf8')).map((document) => document.toJS()));
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of definitions) {
    await controlPlane.request('POST', path, definition);
  }
  await Promise.all(definitions.map(({ spec: { group, names, versions } }) => eventually(() =>
    controlPlane.request('GET', `/apis/${group}/${versions.find(({ storage }: any) => storage).name}/${names.plural}`))));
}

/** The folder that holds a module's files, in Go's module cache. */
async function downloadGoModule(module: string): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), maxBuffer: 2 ** 20 });
  return JSON.parse(stdout).Dir;
}
