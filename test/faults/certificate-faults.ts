import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { answered, live, newFigures, ready } from './claims';
import { Claim, End, Fault } from './fault';
import { API, Lab, LabFiles, LabSetup } from './lab';
import { KubeObject, resourceOfKind } from '../simulated-cluster/kube-object';
import { createCertificateAuthority, Identity, issueCertificate } from '../simulated-cluster/pki';

const CONFIG_MAP = resourceOfKind('v1', 'ConfigMap')!;
const KEPT = 'W "Keeping the serving certificate in use" file="…" reason="…"';

/** Files are read so often. */
const POLL_MS = 6_000;

const usersAreServed = [newFigures(), ready, live, answered('to users', 200, (lab) => lab.asViewer(`${API}/nodes`))];

export const CERTIFICATE_FAULTS: readonly Fault[] = [
  {
    name: 'the serving certificate is swapped',
    setUp: withCertificate,
    begin: async (lab) => replaced(lab, await serving(lab, 'next')),
    served: [shows('the new one', 'next'), ...usersAreServed],
    logged: [],
    loggedPerhaps: [KEPT],
    counted: [],
  },
  {
    name: 'the serving certificate is half-written',
    setUp: withCertificate,
    begin: async (lab) => {
      const { certificate, key } = await serving(lab, 'next');
      return replaced(lab, { certificate: certificate.slice(0, certificate.length / 2), key });
    },
    served: [afterReading(shows('the one before', 'first')), ...usersAreServed],
    logged: [KEPT],
    counted: [],
  },
  {
    name: 'the serving certificate is written, its key is not yet',
    setUp: withCertificate,
    begin: async (lab) => replaced(lab, { ...await serving(lab, 'next'), key: readFileSync(file(lab, 'tls.key'), 'utf8') }),
    served: [afterReading(shows('the one before', 'first')), ...usersAreServed],
    logged: [KEPT],
    counted: [],
  },
  {
    name: 'the serving certificate\'s files are empty',
    setUp: withCertificate,
    begin: async (lab) => replaced(lab, { certificate: '', key: '' }),
    served: [afterReading(shows('the one before', 'first')), ...usersAreServed],
    logged: [KEPT],
    counted: [],
  },
  {
    name: 'the serving certificate\'s files are gone',
    setUp: withCertificate,
    begin: async (lab) => {
      const end = replaced(lab, await serving(lab, 'next'));
      ['tls.crt', 'tls.key'].forEach((name) => rmSync(file(lab, name)));
      return end;
    },
    served: [afterReading(shows('the one before', 'first')), ...usersAreServed],
    logged: [KEPT],
    // Once for each file, when it is read between the two.
    loggedPerhaps: [KEPT],
    counted: [],
  },
  {
    name: 'the serving certificate has expired',
    setUp: withCertificate,
    begin: async (lab) => replaced(lab, await serving(lab, 'expired', { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') })),
    served: [shows('it all the same', 'expired'), ...usersAreServed],
    logged: ['W "The serving certificate has expired; clients that verify it refuse it until it is renewed" file="…" expired="2021-01-01T00:00:00.000Z"'],
    loggedPerhaps: [KEPT],
    counted: [],
  },
  {
    name: 'the cluster\'s client CA is swapped',
    begin: async (lab) => {
      const { certificate } = await createCertificateAuthority('another');
      return configured(lab, { 'client-ca-file': certificate });
    },
    served: [
      answered('to those with a certificate of the CA before', 401, (lab) => lab.asAdmin(`${API}/nodes`)),
      answered('to users with tokens', 200, (lab) => lab.asViewer(`${API}/nodes`)),
      ready, live,
    ],
    logged: [],
    loggedAtTimes: ['W "Unable to authenticate the request" err="…"'],
    counted: [],
  },
  {
    name: 'the request header CA is half-written',
    begin: (lab) => {
      const ca = configMapOf(lab).data['requestheader-client-ca-file'];
      return configured(lab, { 'requestheader-client-ca-file': ca.slice(0, ca.length / 2) });
    },
    served: [...usersAreServed, answered('through the aggregation layer', 200, throughAggregation)],
    logged: ['W "The cluster does not say how to authenticate requests" reason="…requestheader-client-ca-file…"'],
    loggedAfterwards: ['I "The cluster says how to authenticate requests"'],
    counted: [],
  },
];

async function withCertificate({ cluster, path }: LabFiles): Promise<LabSetup> {
  write(path, await issue(cluster.ca, 'first'));
  return { flags: [`--tls-cert-file=${path('tls.crt')}`, `--tls-private-key-file=${path('tls.key')}`] };
}

function serving(lab: Lab, commonName: string, validity: { readonly notBefore?: Date; readonly notAfter?: Date } = {}): Promise<Identity> {
  return issue(lab.cluster.ca, commonName, validity);
}

function issue(ca: Identity, commonName: string, validity = {}): Promise<Identity> {
  return issueCertificate(ca, { commonName, ipAddresses: ['127.0.0.1'], usages: ['server'], ...validity });
}

/** In the runtime's files, until the fault ends. */
function replaced(lab: Lab, pair: Identity): End {
  const before = { certificate: readFileSync(file(lab, 'tls.crt'), 'utf8'), key: readFileSync(file(lab, 'tls.key'), 'utf8') };
  write((name) => file(lab, name), pair);
  return async () => {
    write((name) => file(lab, name), before);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  };
}

function write(path: (name: string) => string, { certificate, key }: Identity): void {
  writeFileSync(path('tls.crt'), certificate);
  writeFileSync(path('tls.key'), key, { mode: 0o600 });
}

function file(lab: Lab, name: string): string {
  return `${lab.cluster.directory}/${name}`;
}

/** What connections from now on are shown. */
function shows(which: string, commonName: string): Claim {
  return {
    says: `new connections see ${which}`,
    holds: async (lab) => expect(await shownBy(lab)).toBe(commonName),
  };
}

/** Not before the runtime has looked. */
function afterReading(claim: Claim): Claim {
  return {
    says: claim.says,
    holds: async (lab, begunMs) => {
      expect(Date.now() - begunMs).toBeGreaterThan(POLL_MS);
      await claim.holds(lab, begunMs);
    },
  };
}

function shownBy({ port }: Lab): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    }).on('error', reject);
  });
}

function configMapOf({ cluster }: Lab): KubeObject {
  return cluster.store.get(CONFIG_MAP, 'kube-system', 'extension-apiserver-authentication');
}

/** In the ConfigMap of the aggregation layer, until the fault ends. */
function configured(lab: Lab, data: Readonly<Record<string, string>>): End {
  const { metadata: { resourceVersion, ...metadata }, ...before } = configMapOf(lab);
  lab.cluster.apply({ ...before, metadata, data: { ...before.data, ...data } } as KubeObject);
  return () => void lab.cluster.apply({ ...before, metadata } as KubeObject);
}

async function throughAggregation(lab: Lab): Promise<{ readonly status: number }> {
  return { status: (await lab.cluster.request('GET', `${API}/nodes`)).code };
}
