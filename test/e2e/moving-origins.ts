import { writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { guideBlocks } from './commands';
import { writeHelmChart } from './helm-chart';
import { DIRECTORY, fromHelm, HELM_CHART, Program, released } from './moving-programs';
import { Shell } from './shell';
import { MetricsServer } from '../../src';
import { Manifest, readManifests } from '../golden/compare-manifests';
import { createCertificateAuthority, issueCertificate } from '../simulated-cluster/pki';

/** What runs, and the program that takes over. */
export interface Origin {
  readonly objects: readonly Manifest[];
  /** What is there beside them, and stays. */
  readonly given?: readonly Manifest[];
  /** The release's name; undefined for what kubectl applied. */
  readonly release?: string;
  readonly selector: string;
  /** Whether a request may fail for as long as a pod that fails stays in its Service. */
  readonly mayFail: boolean;
  readonly program: () => Promise<Program>;
}

const FROM_HELM = { release: 'metrics-server', selector: 'app.kubernetes.io/name=metrics-server' };

/** Asked soon and often, so that a move takes less time. */
const READINESS = { initialDelaySeconds: 1, periodSeconds: 2 };

export const ORIGINS: Record<string, () => Promise<Origin>> = {
  'Helm\'s chart': async () => ({
    ...FROM_HELM, objects: readManifests(`${HELM_CHART}/default.yaml`), mayFail: true, program: () => fromHelm('default', 'metrics-server'),
  }),
  'Helm\'s chart with its nanny': async () => ({
    ...FROM_HELM, objects: readManifests(`${HELM_CHART}/nanny.yaml`), mayFail: true, program: () => fromHelm('nanny', 'metrics-server'),
  }),
  'Helm\'s chart as the release prod': async () => ({
    ...FROM_HELM,
    release: 'prod',
    objects: readManifests(`${HELM_CHART}/default.yaml`).map((object) => released(object, 'prod')),
    mayFail: true,
    program: () => fromHelm('default', 'prod'),
  }),
  'Helm\'s chart with the certificate of a Secret': async () => {
    const certificate = await certificateIn('given-certificate');
    const { secret, caBundle } = certificate;
    const values = { apiService: { insecureSkipTLSVerify: false, caBundle }, tls: { type: 'existingSecret', existingSecret: { name: secret.metadata.name } } };
    return { ...verified(certificate, values), given: [secret] };
  },
  'Helm\'s chart with a certificate of its own': async () => {
    const certificate = await certificateIn('metrics-server');
    const origin = verified(certificate, { apiService: { insecureSkipTLSVerify: false }, tls: { type: 'helm' } });
    return { ...origin, objects: [certificate.secret, ...origin.objects] };
  },
  'components.yaml': async () => ({
    objects: readManifests('upstream/metrics-server-v0.9.0/components.yaml'),
    selector: 'k8s-app=metrics-server',
    mayFail: true,
    program: async () => {
      const chart = new Chart(new App(), 'ours');
      new MetricsServer(chart, 'metrics-server');
      return { objects: chart.toJson(), before: guideBlocks('docs/migrate-from-helm.md', '## From `components.yaml`').flat(), after: [], record: [] };
    },
  }),
};

/** Installs them by the real Helm, or applies them. */
export async function create(shell: Shell, { objects, release }: Pick<Origin, 'objects' | 'release'>, options = ''): Promise<void> {
  if (release) {
    writeHelmChart(shell.path('chart'), { name: 'metrics-server', appVersion: '0.7.2', objects });
    await shell.run(`helm install ${release} chart -n kube-system ${options}`);
    return;
  }
  writeFileSync(shell.path('theirs.yaml'), objects.map((object) => stringify(object)).join('---\n'));
  await shell.run('kubectl apply -f theirs.yaml');
}

interface Certificate {
  readonly secret: Manifest;
  readonly caBundle: string;
}

async function certificateIn(name: string): Promise<Certificate> {
  const ca = await createCertificateAuthority('their-ca');
  const { certificate, key } = await issueCertificate(ca, {
    commonName: 'metrics-server', dnsNames: ['metrics-server.kube-system.svc'], usages: ['server'],
  });
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'kube-system' }, stringData: { 'tls.crt': certificate, 'tls.key': key } };
  return { secret, caBundle: ca.certificate };
}

/** The chart as it is with cert-manager, but for where the certificate comes from. */
function verified({ secret, caBundle }: Certificate, values: object): Origin {
  const file = join(DIRECTORY, `${secret.metadata.name}.yaml`);
  writeFileSync(file, stringify({ ...values, readinessProbe: READINESS }));
  const objects = readManifests(`${HELM_CHART}/cert-manager.yaml`).filter(({ kind }) => kind !== 'Certificate' && kind !== 'Issuer');
  const find = (wanted: string): any => objects.find(({ kind }) => kind === wanted);
  const apiService = find('APIService');
  delete apiService.metadata.annotations;
  apiService.spec.caBundle = Buffer.from(caBundle).toString('base64');
  const pod = find('Deployment').spec.template.spec;
  Object.assign(pod.containers[0].readinessProbe, READINESS);
  pod.volumes.find(({ name }: any) => name === 'certs').secret.secretName = secret.metadata.name;
  return { ...FROM_HELM, objects, mayFail: false, program: () => fromHelm('default', 'metrics-server', { args: [file] }) };
}
