import { certificatesIn } from '../../cluster/certificates-in';
import { Check, Finding } from '../check';
import { Examination } from '../examination';
import { FROM_INSIDE, notSeen } from '../findings';
import { API_SERVICE_NAMES, ApiService } from '../objects';
import { TlsProbe } from '../tls-probe';

const HOUR_MS = 3_600_000;
/** Whoever renews certificates has done so long before this part of their life is left. */
const LAST_PART = 0.1;

const MENDS: Readonly<Record<Extract<TlsProbe, { kind: 'refused' }>['problem'], string>> = {
  authority: 'put the CA that signed the serving certificate into caBundle; the companion runtime does so with a self-managed certificate, cert-manager with'
    + ' its annotation cert-manager.io/inject-ca-from',
  name: 'issue the serving certificate for <service>.<namespace>.svc',
  expired: 'renew the serving certificate',
  other: 'see the log of the server',
};

export const CA_BUNDLE: Check = {
  id: 'ca-bundle',
  title: 'kube-apiserver can verify the server\'s certificate',
  meaning: 'kube-apiserver verifies the serving certificate against `caBundle` of the APIService, for the name `<service>.<namespace>.svc`. Where it cannot, requests are'
    + ' answered 503 with `x509: certificate signed by unknown authority`; up to Kubernetes 1.35 the APIService says `Available` all the same. With'
    + ' `insecureSkipTLSVerify`, whoever can stand in the way may answer for the server, and HorizontalPodAutoscalers believe it.',
  mend: 'Let the runtime keep its own certificate (`ServingCertificate.selfManaged()`), let cert-manager fill `caBundle`, or write the CA that signed the certificate'
    + ' there. The certificate must name `<service>.<namespace>.svc`.',
  async run(examination) {
    const findings = await Promise.all(API_SERVICE_NAMES.map((name) => trust(name, examination)));
    return findings.flat();
  },
};

async function trust(name: string, examination: Examination): Promise<Finding[]> {
  const { object } = await examination.apiService(name);
  if (!object?.spec.service) return [];
  const { caBundle, insecureSkipTLSVerify } = object.spec;
  if (insecureSkipTLSVerify) {
    return [{ severity: 'warning', saw: `${name} has insecureSkipTLSVerify: kube-apiserver does not verify the server`, mend: 'fill caBundle and set insecureSkipTLSVerify to false' }];
  }
  if (!caBundle) {
    return [{ severity: 'error', saw: `${name} has neither caBundle nor insecureSkipTLSVerify: nobody has filled it yet`, mend: MENDS.authority }];
  }
  const ca = Buffer.from(caBundle, 'base64').toString();
  const problem = problemOf(ca, examination.now());
  if (problem !== undefined) return [{ severity: 'error', saw: `caBundle of ${name} ${problem}`, mend: MENDS.authority }];
  return served(name, object, ca, examination);
}

function problemOf(ca: string, nowMs: number): string | undefined {
  try {
    return certificatesIn(ca).every(({ validTo }) => Date.parse(validTo) < nowMs) ? 'has expired' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the pods show, verified as kube-apiserver verifies it. */
async function served(name: string, { spec }: ApiService, ca: string, examination: Examination): Promise<Finding[]> {
  const serverName = `${spec.service!.name}.${spec.service!.namespace}.svc`;
  const endpoints = await examination.endpoints();
  const probes = await Promise.all((endpoints.object ?? []).slice(0, 3).map(async ({ host, port }) => ({ at: `${host}:${port}`, probe: await examination.probeTls({ host, port, serverName, ca }) })));
  const findings = probes.flatMap(({ at, probe }) => judge(name, at, probe, examination.now()));
  if (findings.length > 0) return findings;
  // kube-apiserver reads nothing from a server that it cannot verify.
  const { object } = await examination.nodeMetrics(name);
  if (object) return [{ severity: 'ok', saw: `caBundle of ${name} verifies the server: kube-apiserver reads metrics from it` }];
  if (endpoints.why === 'forbidden') return [notSeen(`the certificate that caBundle of ${name} is to verify`, endpoints)];
  return [{ severity: 'unknown', saw: `caBundle of ${name} is readable; no pod can be reached from here to compare its certificate`, mend: FROM_INSIDE }];
}

function judge(name: string, at: string, probe: TlsProbe, nowMs: number): Finding[] {
  switch (probe.kind) {
    case 'unreachable': return [];
    case 'refused': {
      const said = probe.problem === 'authority' ? `x509: certificate signed by unknown authority (${probe.message})` : probe.message;
      return [{ severity: 'error', saw: `caBundle of ${name} does not verify ${at}: ${said}`, mend: MENDS[probe.problem] }];
    }
    case 'verified': {
      const leftMs = probe.notAfterMs - nowMs;
      const saw = `caBundle of ${name} verifies ${at}, whose certificate lasts ${Math.floor(leftMs / HOUR_MS)} h more`;
      const isLate = leftMs < LAST_PART * (probe.notAfterMs - probe.notBeforeMs);
      return [isLate ? { severity: 'warning', saw, mend: 'see why it has not been renewed yet' } : { severity: 'ok', saw }];
    }
  }
}
