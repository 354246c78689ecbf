import * as path from 'path';
import { deploymentFiles } from './deployment-files';
import { projectFiles } from './project-files';
import { sourceFiles } from './source-files';
import { Mistake } from '../mistake';

export const NEW_PROVIDER_USAGE = `Usage: cdk8s-metrics-server new-provider DIR

Makes a project for a server of custom metrics in a new folder: the provider, its test, a Dockerfile, and the chart that deploys it. The
folder's name becomes the server's: a DNS label of up to 63 characters that begins with a letter.
`;

const DNS_LABEL = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** The files of a project by their paths, the one first that every project has. */
export function newProvider(directory: string, version: string): ReadonlyMap<string, string> {
  const name = path.basename(path.resolve(directory));
  if (!DNS_LABEL.test(name)) {
    throw new Mistake(`new-provider: given a folder called ${JSON.stringify(name)}; allowed: a DNS label that begins with a letter, since the server is called so`);
  }
  const files = { ...projectFiles(name, version), ...sourceFiles(name), ...deploymentFiles(name) };
  return new Map(Object.entries(files).map(([file, text]) => [path.join(directory, file), text]));
}

/** What to do with them. */
export function nextSteps(directory: string): string {
  return `Made ${directory}. Next:

  cd ${directory}
  npm install                     # before the package is published: npm install FILE.tgz, the package as you built it
  npm test                        # the provider and the chart
  npm run synth                   # dist/chart: what kubectl apply takes, once the image that src/chart.ts names is built, and no
                                  # other adapter has the API: kubectl get apiservices | grep custom.metrics
  npm start -- --secure-port 8443 --kubeconfig ~/.kube/config    # the server, outside the cluster

Write your metrics into src/provider.ts.
`;
}
