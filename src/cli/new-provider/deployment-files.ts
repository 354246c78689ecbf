/** The image, and the chart that deploys it. */
export function deploymentFiles(name: string): Record<string, string> {
  return { 'Dockerfile': DOCKERFILE, '.dockerignore': 'dist/\nnode_modules/\n', 'src/chart.ts': chart(name), 'test/chart.test.ts': chartTest(name) };
}

/** npm ci wants the lockfile that npm install has made. Of the package, the server needs one folder and no dependency. */
const DOCKERFILE = `FROM docker.io/library/node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . ./
RUN npm test

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build /app/node_modules/cdk8s-metrics-server/package.json /app/node_modules/cdk8s-metrics-server/
COPY --from=build /app/node_modules/cdk8s-metrics-server/runtime /app/node_modules/cdk8s-metrics-server/runtime
COPY --from=build /app/dist/src/provider.js /app/dist/src/server.js /app/dist/src/
WORKDIR /
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/src/server.js"]
`;

function chart(name: string): string {
  return `import { App, Chart, Duration } from 'cdk8s';
import { ExtensionApiServer, ServingCertificate } from 'cdk8s-metrics-server';
import { Construct } from 'constructs';

export class ProviderChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'kube-system' });
    new ExtensionApiServer(this, 'server', {
      name: '${name}',
      image: 'registry.example.com/${name}:0.1.0',
      // A cluster has each of these APIs once: applying this takes them from the adapter that has them (kubectl get apiservices). To serve beside it,
      // write apiServices: false, and name this server in the adapters of a MetricsAdapter.
      groupVersions: [
        { group: 'custom.metrics.k8s.io', version: 'v1beta1' },
        // Autoscalers take the version of the higher priority.
        { group: 'custom.metrics.k8s.io', version: 'v1beta2', versionPriority: 200 },
      ],
      servingCertificate: ServingCertificate.selfManaged(),
      // Two replicas; one that ends serves on for five seconds, in which clients learn to ask the other.
      highAvailability: true,
      shutdownDelay: Duration.seconds(5),
      // To be measured, and replaced by what yours needs.
      resources: { requests: { cpu: '50m', memory: '128Mi' } },
      // The objects whose names the provider asks for.
      clusterRules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    });
  }
}

if (require.main === module) {
  const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'dist/chart' });
  new ProviderChart(app, '${name}');
  app.synth();
}
`;
}

function chartTest(name: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Testing } from 'cdk8s';
import { ProviderChart } from '../src/chart';

test('both versions of the API lead to the server', () => {
  const objects = Testing.synth(new ProviderChart(Testing.app(), '${name}'));
  const apiServices = objects.filter(({ kind }) => kind === 'APIService');
  assert.deepEqual(apiServices.map(({ metadata, spec }) => [metadata.name, spec.service.name]), [
    ['v1beta1.custom.metrics.k8s.io', '${name}'], ['v1beta2.custom.metrics.k8s.io', '${name}'],
  ]);
});
`;
}
