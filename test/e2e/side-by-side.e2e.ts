import { readFileSync, writeFileSync } from 'fs';
import * as fc from 'fast-check';
import { ControlPlane } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';
import { Process } from './control-plane/process';
import { Fleet } from './fleet';
import { KeptClient, Protocol } from './kept-client';
import { BEYOND_UPSTREAM } from '../conformance/beyond-upstream';
import { comparable, ReceivedAnswer } from '../conformance/compared-answer';
import { Difference, DIFFERENCES } from '../conformance/differences';
import { Certificate, CERTIFICATES, FLEET, RandomRequest, randomRequest, TOKEN, TOKEN_BASE64URL, VERSION } from '../conformance/random-request';
import { ManualClock } from '../runtime/manual-clock';
import { createCertificateAuthority, issueCertificate } from '../simulated-cluster/pki';

/** `SIDE_BY_SIDE=2000 npm run test:e2e -- side-by-side` asks so much; a seed asks the same again. */
const REQUESTS = Number(process.env.SIDE_BY_SIDE ?? 300);
const SEED = Number(process.env.SIDE_BY_SIDE_SEED ?? 11);
const PORTS = { ours: 4443, peer: 4444, compatible: 4445 };
const SERVERS = ['ours', 'peer', 'compatible'] as const;
const RUNTIME = ['assets/runtime/main/index.js'];

/** Pages that stand still for a minute are not believed any more. */
const ROUND = 250;

let controlPlane: ControlPlane;
let fleet: Fleet;
let clock: ManualClock;
let servers: Record<keyof typeof PORTS, Process>;
let token: string;
let clients: Record<keyof typeof PORTS, Map<Certificate | undefined, KeptClient>>;

/** All servers take the same two looks at the same kubelets, whose time stands still otherwise. */
beforeAll(async () => {
  controlPlane = await ControlPlane.start({ controllers: false });
  clock = new ManualClock(Date.now());
  fleet = await Fleet.start(controlPlane, { ...FLEET, clock });
  await createObjects();
  await createCertificates();
  servers = {
    ours: start('ours', process.execPath, RUNTIME),
    peer: start('peer', `${process.env.BENCH_PROGRAMS}/metrics-server`, []),
    compatible: start('compatible', process.execPath, [...RUNTIME, '--upstream-compatible']),
  };
  await eventually(() => haveScraped(FLEET.nodes));
  await lookOnceMore();
}, 180_000);

afterAll(async () => {
  Object.values(clients ?? {}).forEach((all) => all.forEach((client) => client.close()));
  for (const server of Object.values(servers ?? {})) await server.stop();
  await fleet?.stop();
  await controlPlane?.stop();
});

test(`${REQUESTS} random requests over HTTP/1.1 and HTTP/2 are answered as metrics-server answers them, with --upstream-compatible and without (seed ${SEED})`, async () => {
  const differing: unknown[] = [];
  for (const [index, one] of fc.sample(randomRequest, { numRuns: REQUESTS, seed: SEED }).entries()) {
    if (index % ROUND === ROUND - 1) await lookOnceMore();
    const [ours, peer, compatible] = await Promise.all(SERVERS.map((server) => send(server, one, index % 2 === 0 ? 'http1' : 'http2')));
    differing.push(...unexplained(one, { ours }, peer, [...DIFFERENCES, ...BEYOND_UPSTREAM]), ...unexplained(one, { compatible }, peer, DIFFERENCES));
    if (/^\/apis\//.test(one.path)) expect(compatible.body.includes('swap')).toBe(false);
  }
  if (process.env.SIDE_BY_SIDE_OUTPUT) writeFileSync(process.env.SIDE_BY_SIDE_OUTPUT, JSON.stringify(differing, null, 1));
  expect(differing).toEqual([]);
}, 900_000);

/** The request and both answers, if they differ in a way that no row of the table has. */
function unexplained(
  one: RandomRequest, answer: Readonly<Record<string, ReceivedAnswer>>, peer: ReceivedAnswer, table: readonly Difference[],
): unknown[] {
  const [[server, ours]] = Object.entries(answer);
  if (table.some(({ explains }) => explains(one, ours, peer))) return [];
  const asAsked = JSON.stringify(comparable(ours)).replaceAll(/metrics\.k8s\.io\/v1(?!beta1)/g, 'metrics.k8s.io/v1beta1');
  return asAsked === JSON.stringify(comparable(peer)) ? [] : [{ one, [server]: JSON.parse(asAsked), peer: comparable(peer) }];
}

/** Kubelets look at their containers again, and all servers at the kubelets. */
async function lookOnceMore(): Promise<void> {
  clock.advance(30_000);
  await eventually(async () => {
    for (const path of ['nodes', 'pods']) {
      const answers = await Promise.all(SERVERS.map((server) => ask(server, 'admin', `/apis/metrics.k8s.io/v1beta1/${path}`)));
      const different = new Set(answers.map((answer) => JSON.stringify(comparable(answer))));
      const { items } = JSON.parse(answers[0].body.toString()) as { items: { timestamp: string }[] };
      const isNew = items.every(({ timestamp }) => clock.now() - Date.parse(timestamp) < 15_000);
      if (different.size > 1 || items.length !== FLEET[path as keyof typeof FLEET] || !isNew) throw new Error(`not alike yet:\n${[...different].join('\n')}`);
    }
  });
}

function start(name: keyof typeof PORTS, command: string, args: readonly string[]): Process {
  const kubeconfig = controlPlane.kubeconfig('admin');
  return new Process(name, command, [
    ...args, `--secure-port=${PORTS[name]}`, '--bind-address=127.0.0.1', `--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`, `--tls-cert-file=${controlPlane.path('serving.crt')}`, `--tls-private-key-file=${controlPlane.path('serving.key')}`,
    '--kubelet-preferred-address-types=InternalIP', '--kubelet-use-node-status-port', '--metric-resolution=10s', '--kubelet-request-timeout=5s',
  ], controlPlane.path(`${name}.log`));
}

async function createObjects(): Promise<void> {
  const pod = (namespace: string, name: string) => controlPlane.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app' }] },
  });
  await pod('shop', 'pending');
  await pod('shop', 'nometrics');
  await fleet.run('shop', 'nometrics');
  await controlPlane.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-down' }, status: { addresses: [{ type: 'InternalIP', address: '127.9.9.9' }] } });
  await controlPlane.request('POST', '/api/v1/namespaces/shop/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  const { status } = await controlPlane.request('POST', '/api/v1/namespaces/shop/serviceaccounts/default/token', {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 },
  });
  token = status.token;
  const rbac = (path: string, kind: string, body: object) => controlPlane.request('POST', `/apis/rbac.authorization.k8s.io/v1/${path}`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind, ...body });
  const grant = async (name: string, namespace: string, rules: object[], subjects: object[]) => {
    const path = namespace && `namespaces/${namespace}/`;
    const [role, binding] = namespace ? ['Role', 'RoleBinding'] : ['ClusterRole', 'ClusterRoleBinding'];
    await rbac(`${path}${role.toLowerCase()}s`, role, { metadata: { name }, rules });
    await rbac(`${path}${binding.toLowerCase()}s`, binding, { metadata: { name }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name }, subjects });
  };
  const apiGroup = 'rbac.authorization.k8s.io';
  const metrics = (...resources: string[]) => ({ apiGroups: ['metrics.k8s.io'], resources, verbs: ['get', 'list'] });
  await grant('read', '', [metrics('nodes', 'pods'), { nonResourceURLs: ['/'], verbs: ['get'] }], [{ apiGroup, kind: 'User', name: 'viewer' }]);
  await grant('read-nodes', '', [metrics('nodes')], [{ apiGroup, kind: 'User', name: 'jane' }]);
  await grant('read-shop', 'shop', [metrics('pods')], [{ apiGroup, kind: 'Group', name: 'devs' }, { kind: 'ServiceAccount', namespace: 'shop', name: 'default' }]);
  await grant('act-for', '', [
    { apiGroups: [''], resources: ['users'], resourceNames: ['jane', 'nobody'], verbs: ['impersonate'] },
    { apiGroups: [''], resources: ['groups'], resourceNames: ['devs', 'system:authenticated'], verbs: ['impersonate'] },
    { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['userextras/scopes', 'uids'], verbs: ['impersonate'] },
  ], [{ apiGroup, kind: 'User', name: 'viewer' }]);
}

async function createCertificates(): Promise<void> {
  const write = (name: string, { certificate, key }: { certificate: string; key: string }) => {
    writeFileSync(controlPlane.path(`${name}.crt`), certificate);
    writeFileSync(controlPlane.path(`${name}.key`), key, { mode: 0o600 });
  };
  const foreign = await createCertificateAuthority('front-proxy-ca');
  write('rogue', await issueCertificate(foreign, { commonName: 'front-proxy-client', organizations: ['system:masters'], usages: ['client'] }));
  write('serving', await issueCertificate(foreign, { commonName: 'metrics-server', dnsNames: ['localhost'], usages: ['server'] }));
  const read = (file: string) => readFileSync(controlPlane.path(file));
  const clientsOf = (server: keyof typeof PORTS) => new Map([undefined, ...CERTIFICATES].map((name) => [
    name, new KeptClient(PORTS[server], name ? { cert: read(`${name}.crt`), key: read(`${name}.key`) } : {}),
  ]));
  clients = { ours: clientsOf('ours'), peer: clientsOf('peer'), compatible: clientsOf('compatible') };
}

/** All servers have read the pages of all kubelets that answer, so many times in all. */
async function haveScraped(times: number): Promise<void> {
  for (const server of SERVERS) {
    if (!servers[server].running) throw new Error(servers[server].tail());
    const { body } = await ask(server, 'admin', '/metrics');
    const done = Number(/^metrics_server_kubelet_request_total\{success="true"\} (\d+)/m.exec(body.toString())?.[1] ?? 0);
    if (done < times) throw new Error(`${server} has read ${done} pages\n${servers[server].tail()}`);
  }
}

function send(server: keyof typeof PORTS, { method, path, version, headers, identity }: RandomRequest, protocol: Protocol): Promise<ReceivedAnswer> {
  return clients[server].get(identity.certificate)!.ask({
    method,
    path: path.replace(VERSION, server === 'peer' ? 'v1beta1' : version) || '/',
    headers: [...headers, ...identity.headers].map(([name, value]) => (
      [name, value.replace(TOKEN, token).replace(TOKEN_BASE64URL, Buffer.from(token).toString('base64url'))] as const
    )),
  }, protocol);
}

function ask(server: keyof typeof PORTS, certificate: Certificate, path: string): Promise<ReceivedAnswer> {
  return clients[server].get(certificate)!.ask({ method: 'GET', path, headers: [] });
}
