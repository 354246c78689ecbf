import { generateKeyPairSync } from 'crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { request } from 'https';
import { tmpdir } from 'os';
import { join } from 'path';
import { eventually } from './eventually';
import { Process } from './process';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';

const ETCD_CLIENT = 'http://127.0.0.1:2379';
const ETCD_PEER = 'http://127.0.0.1:2380';
const CONTROLLERS = [
  'deployment-controller', 'replicaset-controller', 'horizontal-pod-autoscaler-controller', 'namespace-controller',
  'serviceaccount-controller', 'serviceaccount-token-controller', 'clusterrole-aggregation-controller', 'garbage-collector-controller', 'endpointslice-controller',
];

export interface ControlPlaneOptions {
  /** `--requestheader-allowed-names`. */
  readonly allowedNames?: readonly string[];
  /** Common name of the front proxy's client certificate. @default 'front-proxy-client' */
  readonly frontProxyName?: string;
  /** Flags of kube-apiserver to leave out, to see what follows. */
  readonly without?: readonly string[];
  /** Run kube-controller-manager too. @default true */
  readonly controllers?: boolean;
  /** Address of kube-apiserver. @default 127.0.0.1 */
  readonly host?: string;
  /** More flags of kube-apiserver and of kube-controller-manager, from the paths of files such as `ca.crt`. */
  readonly apiServerFlags?: Flags;
  readonly controllerManagerFlags?: Flags;
  /** More users, with a certificate and a kubeconfig each. */
  readonly users?: Readonly<Record<string, User>>;
}

export type Flags = (path: (name: string) => string) => readonly string[];

/** Whom a client certificate names. */
export interface User {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** A real etcd, kube-apiserver and kube-controller-manager in the test's network namespace. */
export class ControlPlane {
  public static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const controlPlane = new ControlPlane(options);
    await controlPlane.startAll().catch(async (error) => {
      await controlPlane.stop();
      throw error;
    });
    return controlPlane;
  }

  public readonly host: string;
  public readonly port = 6443;
  public readonly directory = mkdtempSync(join(tmpdir(), 'control-plane-'));
  private readonly assets = process.env.KUBEBUILDER_ASSETS!;
  private readonly processes: Process[] = [];
  private admin!: { ca: string; certificate: string; key: string };

  private constructor(private readonly options: ControlPlaneOptions) {
    this.host = options.host ?? '127.0.0.1';
  }

  public get caFile(): string {
    return this.path('ca.crt');
  }

  public get binaries(): string {
    return this.assets;
  }

  public kubeconfig(user: string): string {
    return this.path(`${user}.kubeconfig`);
  }

  public path(name: string): string {
    return join(this.directory, name);
  }

  /** Requests as cluster admin; rejects unless the answer is 2xx. */
  public async request<T = any>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
    const { ca, certificate, key } = this.admin;
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: this.host, port: this.port, method, path, ca, cert: certificate, key, headers: { 'content-type': contentType },
      }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
          const code = response.statusCode!;
          code >= 200 && code < 300
            ? resolve((text.startsWith('{') ? JSON.parse(text) : text) as T)
            : reject(new Error(`${method} ${path}: ${code} ${text.slice(0, 2000)}`));
        });
      });
      outgoing.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** kube-apiserver first: without etcd it would wait a minute for its last writes. */
  public async stop(): Promise<void> {
    for (const one of this.processes.splice(0).reverse()) {
      await one.stop();
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async startAll(): Promise<void> {
    await this.writeKeys();
    this.start('etcd', [
      `--data-dir=${this.path('etcd')}`, `--listen-client-urls=${ETCD_CLIENT}`, `--advertise-client-urls=${ETCD_CLIENT}`,
      `--listen-peer-urls=${ETCD_PEER}`, `--initial-advertise-peer-urls=${ETCD_PEER}`, `--initial-cluster=default=${ETCD_PEER}`,
      '--unsafe-no-fsync=true', '--log-level=warn',
    ]);
    const apiserver = this.start('kube-apiserver', [
      `--etcd-servers=${ETCD_CLIENT}`, `--bind-address=${this.host}`, `--advertise-address=${this.host}`, `--secure-port=${this.port}`,
      '--endpoint-reconciler-type=none', '--authorization-mode=RBAC', '--allow-privileged=true', '--service-cluster-ip-range=10.0.0.0/24',
      // There is no kubelet: pods and nodes are API objects whose status the test writes.
      '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition,NodeRestriction',
      `--tls-cert-file=${this.path('apiserver.crt')}`, `--tls-private-key-file=${this.path('apiserver.key')}`,
      `--client-ca-file=${this.caFile}`,
      `--requestheader-client-ca-file=${this.path('front-proxy-ca.crt')}`,
      `--requestheader-allowed-names=${(this.options.allowedNames ?? ['front-proxy-client']).join()}`,
      '--requestheader-username-headers=X-Remote-User', '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      // Says when it has taken over a certificate that is written anew.
      '--vmodule=dynamic_serving_content=2',
      `--proxy-client-cert-file=${this.path('front-proxy.crt')}`, `--proxy-client-key-file=${this.path('front-proxy.key')}`,
      '--enable-aggregator-routing=true',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${this.path('sa.key')}`, `--service-account-key-file=${this.path('sa.pub')}`,
      `--cert-dir=${this.path('apiserver-certs')}`,
    ].filter((arg) => !this.options.without?.includes(arg.split('=')[0])).concat(this.flags(this.options.apiServerFlags)));
    await eventually(async () => {
      if (!apiserver.running) {
        throw new Error(apiserver.tail());
      }
      await this.request('GET', '/readyz');
    });
    if (this.options.controllers ?? true) {
      this.startControllers();
    }
    await eventually(() => this.request('GET', '/api/v1/namespaces/kube-system'));
  }

  private startControllers(): void {
    this.start('kube-controller-manager', [
      ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((flag) => `--${flag}=${this.kubeconfig('kcm')}`),
      `--bind-address=${this.host}`, '--leader-elect=false', '--use-service-account-credentials=true',
      `--service-account-private-key-file=${this.path('sa.key')}`, `--root-ca-file=${this.caFile}`,
      `--controllers=${CONTROLLERS.join()}`, `--cert-dir=${this.path('kcm-certs')}`,
      '--horizontal-pod-autoscaler-sync-period=5s', '--horizontal-pod-autoscaler-cpu-initialization-period=10s',
      '--horizontal-pod-autoscaler-initial-readiness-delay=5s', '--horizontal-pod-autoscaler-downscale-stabilization=10s',
      ...this.flags(this.options.controllerManagerFlags),
    ]);
  }

  private flags(flags: Flags = () => []): readonly string[] {
    return flags((name) => this.path(name));
  }

  private start(name: string, args: readonly string[]): Process {
    const one = new Process(name, join(this.assets, name), args, this.path(`${name}.log`));
    this.processes.push(one);
    return one;
  }

  private async writeKeys(): Promise<void> {
    mkdirSync(this.directory, { recursive: true });
    const ca = await createCertificateAuthority('kubernetes');
    const frontProxyCa = await createCertificateAuthority('front-proxy-ca');
    const apiserver = await issueCertificate(ca, {
      commonName: 'kube-apiserver', dnsNames: ['localhost', 'kubernetes', 'kubernetes.default.svc'], ipAddresses: [this.host, '10.0.0.1'], usages: ['server'],
    });
    const frontProxy = await issueCertificate(frontProxyCa, { commonName: this.options.frontProxyName ?? 'front-proxy-client', usages: ['client'] });
    const serviceAccount = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.writePair('ca', ca);
    this.writePair('front-proxy-ca', frontProxyCa);
    this.writePair('apiserver', apiserver);
    this.writePair('front-proxy', frontProxy);
    this.write('sa.key', serviceAccount.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    this.write('sa.pub', serviceAccount.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const users: Record<string, User> = {
      admin: { commonName: 'admin', organizations: ['system:masters'] },
      kcm: { commonName: 'system:kube-controller-manager' },
      nobody: { commonName: 'nobody' },
      viewer: { commonName: 'viewer' },
      ...this.options.users,
    };
    for (const [name, subject] of Object.entries(users)) {
      const pair = await issueCertificate(ca, { ...subject, usages: ['client'] });
      this.writePair(name, pair);
      this.write(`${name}.kubeconfig`, JSON.stringify({
        'apiVersion': 'v1',
        'kind': 'Config',
        'clusters': [{ name: 'test', cluster: { 'server': `https://${this.host}:${this.port}`, 'certificate-authority': this.caFile } }],
        'users': [{ name, user: { 'client-certificate': this.path(`${name}.crt`), 'client-key': this.path(`${name}.key`) } }],
        'contexts': [{ name: 'test', context: { cluster: 'test', user: name } }],
        'current-context': 'test',
      }));
      if (name === 'admin') {
        this.admin = { ca: ca.certificate, ...pair };
      }
    }
  }

  private writePair(name: string, pair: { certificate: string; key: string }): void {
    this.write(`${name}.crt`, pair.certificate);
    this.write(`${name}.key`, pair.key);
  }

  private write(name: string, content: string): void {
    writeFileSync(this.path(name), content, { mode: 0o600 });
  }
}
