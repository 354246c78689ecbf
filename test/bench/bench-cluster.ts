import { execFile } from 'child_process';
import { copyFileSync, writeFileSync } from 'fs';
import { promisify } from 'util';
import { Fleet, FleetSize, sizeFlags } from './fleet';
import { ControlPlane } from '../e2e/control-plane/control-plane';
import { createCertificateAuthority, issueCertificate } from '../simulated-cluster/pki';

const SERVICE_ACCOUNT_DIRECTORY = '/run/secrets/kubernetes.io/serviceaccount';
const SERVICE_ACCOUNT = { namespace: 'kube-system', name: 'metrics-server' };

/** What the cluster holds. */
export interface Registered {
  readonly podsByNamespace: Readonly<Record<string, number>>;
  readonly somePod: { readonly namespace: string; readonly name: string };
  /** Pods that have gone since the beginning; each has a successor. */
  readonly replaced: number;
}

/** A certificate, and its key. */
interface KeyPair {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A control plane with registered nodes and pods, the kubelets of these nodes, and what a metrics server's pod is given. */
export class BenchCluster {
  public static async start(size: FleetSize, programs: string): Promise<BenchCluster> {
    const controlPlane = await ControlPlane.start({
      controllers: false,
      // What `register` writes to etcd comes faster than one thread decodes it.
      apiServerFlags: () => ['--feature-gates=ConcurrentWatchObjectDecode=true'],
    });
    const fleet = await Fleet.start(size, programs, controlPlane);
    const cluster = new BenchCluster(controlPlane, fleet, programs);
    try {
      await cluster.register();
      await cluster.grantAccess();
      await cluster.writeServingCertificate();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  public registered!: Registered;

  private constructor(public readonly controlPlane: ControlPlane, public readonly fleet: Fleet, public readonly programs: string) {}

  /** Any serving certificate will do: the front proxy's verification is not what is measured. */
  public get servingCertificate(): KeyPair {
    return this.keyPair('serving');
  }

  public get frontProxy(): KeyPair {
    return this.keyPair('front-proxy');
  }

  public get admin(): KeyPair {
    return this.keyPair('admin');
  }

  public async stop(): Promise<void> {
    await this.fleet.stop();
    await this.controlPlane.stop();
  }

  /** Lets pods be replaced by others for a while, evenly over nodes. */
  public async replacePods(perMinute: number, minutes: number): Promise<void> {
    const { registered: { replaced }, fleet: { controlPorts } } = this;
    await this.register(`-replaced=${replaced}`, `-per-minute=${perMinute}`, `-for=${minutes}m`, `-kubelets=${controlPorts.join()}`);
  }

  private async register(...flags: readonly string[]): Promise<void> {
    const { controlPlane, programs, fleet, admin: { certificateFile, keyFile } } = this;
    const { stdout } = await promisify(execFile)(`${programs}/register`, [
      ...sizeFlags(fleet.size), `-server=https://${controlPlane.host}:${controlPlane.port}`,
      `-ca=${controlPlane.caFile}`, `-certificate=${certificateFile}`, `-key=${keyFile}`, ...flags,
    ]);
    this.registered = JSON.parse(stdout) as Registered;
  }

  private keyPair(name: string): KeyPair {
    return { certificateFile: this.controlPlane.path(`${name}.crt`), keyFile: this.controlPlane.path(`${name}.key`) };
  }

  /** A service account's token where a pod finds it. Its rights cost nobody anything, so it has them all. */
  private async grantAccess(): Promise<void> {
    const { controlPlane } = this;
    const { namespace, name } = SERVICE_ACCOUNT;
    await controlPlane.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name },
    });
    await controlPlane.request('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...SERVICE_ACCOUNT }],
    });
    const { status } = await controlPlane.request<{ status: { token: string } }>(
      'POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 24 * 3600 } });
    writeFileSync(`${SERVICE_ACCOUNT_DIRECTORY}/token`, status.token);
    writeFileSync(`${SERVICE_ACCOUNT_DIRECTORY}/namespace`, namespace);
    copyFileSync(controlPlane.caFile, `${SERVICE_ACCOUNT_DIRECTORY}/ca.crt`);
  }

  private async writeServingCertificate(): Promise<void> {
    const authority = await createCertificateAuthority('metrics-server');
    const { certificate, key } = await issueCertificate(authority, { commonName: 'metrics-server', dnsNames: ['localhost'], usages: ['server'] });
    writeFileSync(this.servingCertificate.certificateFile, certificate);
    writeFileSync(this.servingCertificate.keyFile, key, { mode: 0o600 });
  }
}
