import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { checkAggregatedApiService, checkAggregatedApiServiceTogether } from './_aggregated-api-service-checks';
import { GitOps } from './git-ops';
import { ServiceType } from './service-type';
import { apiServiceName, ApiServiceSpec, clusterScoped, namespaced, ownNamespaceOf, ServiceSpec } from '../kubernetes/_k8s';
import { sameObjects } from '../kubernetes/_object-twice';
import { IServiceRef } from '../kubernetes/references';
import { describe } from '../validation/_validation';

/** A version of an API group that an extension API server serves. */
export interface ApiGroupVersion {
  /** API group, such as `metrics.k8s.io`. With a dot, and none that kube-apiserver serves itself, such as `apps` or `networking.k8s.io`. */
  readonly group: string;
  /** Version of the group, such as `v1beta1`. */
  readonly version: string;
  /**
   * Priority of the group among all groups, from 1 to 20000. The highest among its versions counts. kubectl resolves a short name such as
   * `pods` to the group with the highest priority: stay low so that built-in resources are not shadowed.
   *
   * @default 100
   */
  readonly groupPriorityMinimum?: number;
  /**
   * Priority of the version within its group, from 1 to 1000. Of two versions with equal priority, Kubernetes prefers the more stable
   * one: `v1` to `v1beta1`.
   *
   * @default 100
   */
  readonly versionPriority?: number;
}

/** The port of a Service that kube-apiserver connects to. */
export interface ServicePort {
  /**
   * Port of the Service, from 1 to 65535.
   *
   * @default 443
   */
  readonly port?: number;
  /**
   * Port of the container that it leads to, from 1 to 65535.
   *
   * @default - the container's port that is named `https`
   */
  readonly targetPort?: number;
  /**
   * Name of the port, a DNS label. Empty text for none.
   *
   * @default https
   */
  readonly name?: string;
  /**
   * Protocol spoken over TCP, for proxies and meshes. Empty text for none.
   *
   * @default https
   */
  readonly appProtocol?: string;
}

/** Properties of a Service and its APIServices that whoever synthesizes them may choose. */
export interface AggregatedApiServiceOptions {
  /**
   * How the Service is reached.
   *
   * @default - `CLUSTER_IP`, left to Kubernetes
   */
  readonly serviceType?: ServiceType;
  /**
   * Whether the Service has no cluster IP. kube-apiserver reaches such a one only with `--enable-aggregator-routing=true`. Not beside another
   * `serviceType` than `CLUSTER_IP`.
   *
   * @default false
   */
  readonly headlessService?: boolean;
  /**
   * Further labels of the Service.
   *
   * @default - none
   */
  readonly serviceLabels?: { readonly [key: string]: string };
  /**
   * Annotations of the Service.
   *
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [key: string]: string };
  /**
   * Whether APIServices are synthesized. If not, someone else registers each group version with the Service; until then nobody finds the API.
   *
   * @default true
   */
  readonly apiServices?: boolean;
  /**
   * Annotations of the APIServices, beside those of `gitOps`, over which they win.
   *
   * @default - none
   */
  readonly apiServiceAnnotations?: { readonly [key: string]: string };
  /**
   * How a GitOps tool is told the order of the objects.
   *
   * @default - by the order of the manifest, which is enough for `kubectl apply`
   */
  readonly gitOps?: GitOps;
}

/** Properties of `AggregatedApiService`. */
export interface AggregatedApiServiceProps extends AggregatedApiServiceOptions {
  /** Versions that the server serves: one APIService each. At least one. */
  readonly groupVersions: ApiGroupVersion[];
  /**
   * Name of the synthesized Service: a DNS label of up to 63 characters that begins with a letter.
   *
   * @default - required, unless `service` is given
   */
  readonly name?: string;
  /**
   * Namespace of the Service.
   *
   * @default - the chart's namespace; where it has none, required
   */
  readonly namespace?: string;
  /**
   * Labels of the pods that serve the API.
   *
   * @default - required, unless `service` is given
   */
  readonly selector?: { readonly [key: string]: string };
  /**
   * A Service that exists already, in `namespace`, also one of type ExternalName, which leads out of the cluster: kube-apiserver dials that name at
   * `servicePort.port`, unless it runs with `--enable-aggregator-routing`. Then none is synthesized, and of what describes one only `servicePort.port` may be given.
   *
   * @default - a Service is synthesized
   */
  readonly service?: IServiceRef;
  /**
   * The Service's port.
   *
   * @default - port 443, named `https`, with application protocol `https`, to the container's port named `https`
   */
  readonly servicePort?: ServicePort;
  /**
   * Whether kube-apiserver connects without verifying the server's certificate. Excludes `caBundle`.
   *
   * @default false
   */
  readonly insecureSkipTlsVerify?: boolean;
  /**
   * CA certificates, in PEM, that kube-apiserver verifies the server's certificate against. Excludes `insecureSkipTlsVerify`.
   *
   * @default - no `caBundle`: someone else fills it, or kube-apiserver's system roots are used
   */
  readonly caBundle?: string;
  /**
   * Labels of all objects.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /** @internal Group versions that are registered later, if at all. */
  readonly _mayServe?: readonly ApiGroupVersion[];
}

/**
 * Registers the API groups of an extension API server with kube-apiserver: a Service, and an APIService for each group version.
 *
 * @example
 * new AggregatedApiService(this, 'api', {
 *   service: ServiceRef.fromName('sample-apiserver'),
 *   namespace: 'wardle',
 *   groupVersions: [{ group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 1000, versionPriority: 15 }],
 *   insecureSkipTlsVerify: true,
 * });
 */
export class AggregatedApiService extends Construct {
  /** The synthesized Service, undefined when an existing one was given. */
  public readonly service?: ApiObject;
  /** The APIServices, in the order of the group versions. None when they are made elsewhere. */
  public readonly apiServices: ApiObject[] = [];

  private readonly registers: boolean;
  private readonly register: (groupVersion: ApiGroupVersion) => ApiObject;

  constructor(scope: Construct, id: string, props: AggregatedApiServiceProps) {
    super(scope, id);
    checkAggregatedApiService(this, props);
    const namespace = ownNamespaceOf(this, props.namespace);
    checkAggregatedApiServiceTogether(this, props, namespace);
    const servicePort = props.servicePort ?? {};

    const serviceName = props.service?.name ?? props.name!;
    if (!props.service) this.service = this.createService(props, serviceName, namespace, servicePort);

    const port = servicePort.port ?? 443;
    this.register = (groupVersion) => this.createApiService(props, groupVersion, {
      name: serviceName,
      namespace,
      // 443 is what APIService takes when nothing is said.
      port: port === 443 ? undefined : port,
    });
    this.registers = props.apiServices ?? true;
    this._register(props.groupVersions);
  }

  /** @internal Leads group versions to the Service. Returns their APIServices. */
  public _register(groupVersions: readonly ApiGroupVersion[]): ApiObject[] {
    const apiServices = this.registers ? groupVersions.map(this.register) : [];
    this.apiServices.push(...apiServices);
    return apiServices;
  }

  private createService(props: AggregatedApiServiceProps, name: string, namespace: string, servicePort: ServicePort): ApiObject {
    const { port = 443, targetPort = 'https', name: portName = 'https', appProtocol = 'https' } = servicePort;
    const spec: ServiceSpec = {
      type: props.serviceType,
      clusterIP: props.headlessService ? 'None' : undefined,
      selector: props.selector!,
      ports: [{ port, protocol: 'TCP', targetPort, name: portName || undefined, appProtocol: appProtocol || undefined }],
    };
    const metadata = { name, namespace, labels: { ...props.labels, ...props.serviceLabels }, annotations: props.serviceAnnotations };
    return namespaced(this, 'Service', { apiVersion: 'v1', kind: 'Service' }, metadata, { spec });
  }

  private createApiService(props: AggregatedApiServiceProps, groupVersion: ApiGroupVersion, service: ApiServiceSpec['service']): ApiObject {
    const { group, version, groupPriorityMinimum = 100, versionPriority = 100 } = groupVersion;
    const spec: ApiServiceSpec = {
      group,
      version,
      groupPriorityMinimum,
      versionPriority,
      service,
      // Absent rather than false or empty: a value here would be drift once someone fills in the CA.
      insecureSkipTLSVerify: props.insecureSkipTlsVerify ? true : undefined,
      caBundle: props.caBundle && Buffer.from(props.caBundle).toString('base64'),
    };
    const name = apiServiceName(groupVersion);
    const { scope, annotations } = props.gitOps?._place(this) ?? { scope: this };
    const metadata = { name, labels: props.labels, annotations: { ...annotations, ...props.apiServiceAnnotations } };
    const apiService = clusterScoped(scope, name, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' }, metadata, { spec });
    if (this.service) apiService.addDependency(this.service);
    OURS.add(apiService);
    apiService.node.addValidation({ validate: () => otherOwners(apiService, this) });
    return apiService;
  }
}

/** APIServices that say themselves where they are not alone. */
const OURS = new WeakSet<ApiObject>();

/** A group version has one owner in a cluster: the second APIService of that name would take it from the first. One of two says so. */
function otherOwners(apiService: ApiObject, server: Construct): string[] {
  const owners = sameObjects(apiService, [apiService.chart, Chart.of(server)]);
  const others = owners.filter((owner) => owner !== apiService);
  if (others.length === 0 || (owners[0] === apiService && others.some((other) => OURS.has(other)))) return [];
  return [describe({
    property: 'groupVersions',
    given: `${apiService.name}, which ${others[0].node.path} registers as well`,
    allowed: 'one APIService for a group version',
    mend: 'remove one of the two',
  })];
}
