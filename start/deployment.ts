import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Failure } from './failure';
import { MANIFESTS } from './synthesize';
import { KubeObject } from '../test/simulated-cluster/kube-object';

/** The chart whose runtime is started. */
export const CHART = path.join(MANIFESTS, 'metrics-server.k8s.yaml');

export interface SynthesizedRuntime {
  /** Everything in the chart. */
  readonly objects: readonly KubeObject[];
  /** As the API server names it. */
  readonly user: string;
  /** Of the Deployment's container. */
  readonly args: readonly string[];
  /** Service that the APIServices point at. */
  readonly service: { readonly namespace: string; readonly name: string };
}

export function readSynthesizedRuntime(): SynthesizedRuntime {
  if (!fs.existsSync(CHART)) throw new Failure(`no example synthesizes ${CHART}`);
  const objects = parseAllDocuments(fs.readFileSync(CHART, 'utf8')).map((document) => document.toJS() as KubeObject).filter(Boolean);
  const { metadata: { namespace = 'default' }, spec } = only(objects, 'Deployment');
  const { serviceAccountName, containers: [container] } = spec.template.spec;
  return {
    objects,
    user: `system:serviceaccount:${namespace}:${serviceAccountName}`,
    args: container.args,
    service: only(objects, 'APIService').spec.service,
  };
}

function only(objects: readonly KubeObject[], kind: string): KubeObject {
  const found = objects.find((object) => object.kind === kind);
  if (!found) throw new Failure(`${CHART} has no ${kind}`);
  return found;
}
