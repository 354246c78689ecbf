import { readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { goModule } from './go-module';

interface Project {
  readonly module: string;
  readonly folder: string;
  /** Files of the kinds that our constructs synthesize, and of those that these lead to; the others are many megabytes of schema. */
  readonly files: readonly string[];
}

export const PROMETHEUS_OPERATOR: Project = {
  module: 'github.com/prometheus-operator/prometheus-operator',
  folder: 'example/prometheus-operator-crd',
  files: ['servicemonitors', 'podmonitors', 'prometheusrules'].map((kind) => `monitoring.coreos.com_${kind}.yaml`),
};

export const CERT_MANAGER: Project = {
  module: 'github.com/cert-manager/cert-manager',
  folder: 'deploy/crds',
  files: ['certificates', 'certificaterequests', 'issuers', 'clusterissuers'].map((kind) => `cert-manager.io_${kind}.yaml`),
};

/** Creates a project's own CustomResourceDefinitions, taken from its Go module, and waits until they are served. */
export async function createCustomResourceDefinitions(controlPlane: ControlPlane, { module, folder, files }: Project): Promise<void> {
  const directory = goModule(module);
  const definitions = files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(directory, folder, file), 'utf8')).map((document) => document.toJS()));
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of definitions) {
    await controlPlane.request('POST', path, definition);
  }
  await Promise.all(definitions.map(({ spec: { group, names, versions } }) => eventually(() =>
    controlPlane.request('GET', `/apis/${group}/${versions.find(({ storage }: any) => storage).name}/${names.plural}`))));
}
