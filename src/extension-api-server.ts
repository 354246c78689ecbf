import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { serviceOptionsOf } from './_aggregated-api-service-checks';
import { clusterNames } from './_cluster-names';
import { recordClusterVersion } from './_cluster-version';
import { disruptionBudget } from './_disruption-budget';
import { checkExtensionApiServer, checkOptionsTogether } from './_extension-api-server-checks';
import { checkFlagsNotTaken, flagName } from './_extra-args-checks';
import { PodDefaults, RESTRICTED_POD } from './_facts/pod';
import { SelfMetrics } from './_facts/self-metrics';
import { spread, withHighAvailability } from './_high-availability';
import { apiServiceName, DeploymentSpec, namespaced, namespaceOf, ObjectMeta, Volume, VolumeMount } from './_k8s';
import { Connections, networkPolicy } from './_network-policy';
import { podTemplate } from './_pod';
import { clusterRole, clusterRoleBinding } from './_rbac';
import { refuseErrors } from './_rules/tree';
import { ServingCertificateParts } from './_serving-certificate';
import { strategyOf } from './_update-strategy';
import { AggregatedApiService, ApiGroupVersion } from './aggregated-api-service';
import { AuthDelegatorBindings } from './auth-delegator-bindings';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { NannyOptions } from './nanny-options';
import { NannySidecar } from './nanny-sidecar';
import { PolicyRule } from './policy-rule';
import { IServiceAccountRef } from './references';
import { ContainerResources } from './resources';
import { ServerMonitoring } from './server-monitoring';
import { ServingCertificate } from './serving-certificate';

/** Properties of `ExtensionApiServer`. */
export interface ExtensionApiServerProps extends ExtensionApiServerOptions {
  /**
   * Name of the server: of its Deployment, container, Service and ServiceAccount. The names of other objects begin with it, those that are
   * cluster-wide with `<name>.<namespace>`. A DNS label of up to 63 characters that begins with a letter.
   */
  readonly name: string;
  /** Image of the server, with tag or digest. */
  readonly image: string;
  /** API group versions that the server serves. */
  readonly groupVersions: ApiGroupVersion[];
  /**
   * How the API is served over TLS. `ServingCertificate.selfManaged()` needs a server that is built with this package's runtime.
   */
  readonly servingCertificate: ServingCertificate;
  /**
   * Labels that select the pods. A Deployment's selector cannot be changed once it is in a cluster.
   *
   * @default - `app.kubernetes.io/name` with the server's name
   */
  readonly selectorLabels?: { readonly [key: string]: string };
  /**
   * Entry point, instead of the image's.
   *
   * @default - the image's entry point
   */
  readonly command?: string[];
  /**
   * Arguments of the server, beside those that follow from `securePort` and `servingCertificate`.
   *
   * @default - none
   */
  readonly args?: string[];
  /**
   * What the server asks for and may not exceed.
   *
   * @default - nothing
   */
  readonly resources?: ContainerResources;
  /**
   * Rights that the server needs in the whole cluster, beside authenticating and authorizing its callers.
   *
   * @default - none
   */
  readonly clusterRules?: PolicyRule[];
  /** @internal */
  readonly _defaults?: PodDefaults;
  /** @internal */
  readonly _connections?: Connections;
  /** @internal */
  readonly _selfMetrics?: readonly SelfMetrics[];
}

/** Port that servers built on k8s.io/apiserver take when nothing is said. */
const FLAG_DEFAULT_SECURE_PORT = 443;

/**
 * An extension API server: what serves an API group behind kube-apiserver's aggregation layer.
 *
 * Synthesizes a ServiceAccount, the bindings for delegated authentication and authorization, a Deployment, a Service and one APIService for
 * each group version. The server gets the arguments that servers built on `k8s.io/apiserver` or on this package's runtime understand:
 * `--secure-port`, and those of its serving certificate.
 *
 * @example
 * new ExtensionApiServer(this, 'wardle', {
 *   name: 'sample-apiserver',
 *   namespace: 'wardle',
 *   image: 'registry.example.com/sample-apiserver:v1.34.1',
 *   groupVersions: [{ group: 'wardle.example.com', version: 'v1alpha1' }],
 *   servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
 * });
 */
export class ExtensionApiServer extends Construct {
  /** Name of the server. */
  public readonly name: string;
  /** Namespace of its objects. */
  public readonly namespace: string;
  /** The ServiceAccount that the server runs as: the one given, or the one synthesized. */
  public readonly serviceAccountRef: IServiceAccountRef;
  /** The synthesized ServiceAccount, undefined when one was given. */
  public readonly serviceAccount?: ApiObject;
  /** Bindings for delegated authentication and authorization, undefined when they are made elsewhere. */
  public readonly authDelegatorBindings?: AuthDelegatorBindings;
  /** ClusterRole with the server's own rights, undefined when it needs none or they are granted elsewhere. */
  public readonly clusterRole?: ApiObject;
  /** ClusterRoleBinding of that role. */
  public readonly clusterRoleBinding?: ApiObject;
  /** Service and APIServices. */
  public readonly aggregatedApiService: AggregatedApiService;
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** PodDisruptionBudget of the pods, undefined when none was asked for. */
  public readonly disruptionBudget?: ApiObject;
  /** NetworkPolicy of the pods, undefined when none was asked for. */
  public readonly networkPolicy?: ApiObject;
  /** Secret with a self-managed serving certificate, undefined with any other. */
  public readonly servingCertificateSecret?: ApiObject;
  /** Role that lets the server keep its certificate in that Secret, undefined when that is granted elsewhere. */
  public readonly servingCertificateRole?: ApiObject;
  /** RoleBinding of that Role. */
  public readonly servingCertificateRoleBinding?: ApiObject;
  /** cert-manager's Certificate for the serving certificate, undefined with any other. */
  public readonly certificate?: ApiObject;
  /** Issuer with the server's own CA, which signs that Certificate, undefined where an issuer of yours does. */
  public readonly caIssuer?: ApiObject;
  /** Certificate of that CA. */
  public readonly caCertificate?: ApiObject;
  /** Issuer that signs the CA's Certificate by its own key. */
  public readonly selfSignedIssuer?: ApiObject;
  /** What watches the server's own metrics, undefined where nothing was asked for. */
  public readonly monitoring?: ServerMonitoring;

  /** @internal Labels of every object. */
  public readonly _labels: Readonly<Record<string, string>>;

  private readonly defaults: PodDefaults;
  private readonly rbac: boolean;
  private readonly selectorLabels: Readonly<Record<string, string>>;
  private readonly volumes: Volume[] = [{ name: 'tmp-dir', emptyDir: {} }];
  private readonly volumeMounts: VolumeMount[] = [{ name: 'tmp-dir', mountPath: '/tmp' }];

  constructor(scope: Construct, id: string, given: ExtensionApiServerProps) {
    super(scope, id);
    checkExtensionApiServer(this, given);
    const props = withHighAvailability(given);
    this.name = props.name;
    this.namespace = namespaceOf(this, props.namespace);
    this.defaults = props._defaults ?? RESTRICTED_POD;
    this.rbac = props.rbac ?? true;
    this.selectorLabels = props.selectorLabels ?? { 'app.kubernetes.io/name': props.name };
    checkOptionsTogether(this, props, this.namespace, this.selectorLabels);

    const { name, namespace, defaults, selectorLabels } = this;
    const labels = this._labels = defaults.labelEveryObject ? { ...selectorLabels, ...props.labels } : { ...props.labels };
    const metadata = { name, namespace, labels };

    if (!props.serviceAccount) {
      this.serviceAccount = namespaced(this, 'ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount' }, {
        ...metadata, name: props.serviceAccountName ?? name, annotations: props.serviceAccountAnnotations,
      }, { secrets: props.serviceAccountSecrets?.map((secret) => ({ name: secret.name })) });
    }
    this.serviceAccountRef = props.serviceAccount ?? { name: props.serviceAccountName ?? name };
    const subject = { name: this.serviceAccountRef.name, namespace };

    const certificate = props.servingCertificate._bind(this, {
      name,
      namespace,
      labels,
      serviceAccount: subject,
      rbac: this.rbac,
      apiServiceNames: props.groupVersions.map(apiServiceName),
      certDir: defaults.certDir,
      removesOwnCaBundle: defaults.removesOwnCaBundle,
    });
    this.servingCertificateSecret = certificate.secret;
    this.servingCertificateRole = certificate.role;
    this.servingCertificateRoleBinding = certificate.roleBinding;
    this.certificate = certificate.certManager?.certificate;
    this.caIssuer = certificate.certManager?.caIssuer;
    this.caCertificate = certificate.certManager?.caCertificate;
    this.selfSignedIssuer = certificate.certManager?.selfSignedIssuer;
    if (certificate.volume) this._mount(certificate.volume.source, certificate.volume.mountPath);

    const rules = [...(props.clusterRules ?? []).map(wireRule), ...certificate.clusterRules ?? []];
    if (this.rbac && rules.length > 0) {
      const roleMetadata = { name: clusterNames(name, namespace).clusterRole, labels };
      this.clusterRole = clusterRole(this, 'ClusterRole', roleMetadata, rules);
      this.clusterRoleBinding = clusterRoleBinding(this, 'ClusterRoleBinding', roleMetadata, roleMetadata.name, subject);
    }
    if (props.authBindings ?? this.rbac) {
      this.authDelegatorBindings = new AuthDelegatorBindings(this, 'AuthDelegatorBindings', {
        serviceAccount: this.serviceAccountRef, namespace, name, labels,
      });
    }

    const securePort = props.securePort ?? defaults.securePort;
    if (props.networkPolicy) {
      const connections = props._connections ?? { kubeletPorts: [], dns: false };
      this.networkPolicy = networkPolicy(this, metadata, selectorLabels, securePort, connections, props.networkPolicy);
    }
    if (props.disruptionBudget) this.disruptionBudget = disruptionBudget(this, metadata, selectorLabels, props.disruptionBudget);
    const serviceLabels = { ...defaults.serviceLabels, ...props.serviceLabels };
    this.aggregatedApiService = new AggregatedApiService(this, 'AggregatedApiService', {
      ...serviceOptionsOf(props),
      ...props.apiServices === false ? {} : { apiServiceAnnotations: { ...certificate.apiServiceAnnotations, ...props.apiServiceAnnotations } },
      name,
      namespace,
      labels,
      serviceLabels,
      selector: selectorLabels,
      servicePort: { port: props.servicePort, ...defaults.namedPort ? {} : { targetPort: securePort, name: '', appProtocol: '' } },
      groupVersions: props.groupVersions,
      insecureSkipTlsVerify: certificate.insecureSkipTlsVerify,
      caBundle: certificate.caBundle,
    });
    this.deployment = this.createDeployment(props, certificate, securePort, {
      ...metadata, labels: { ...selectorLabels, ...labels }, annotations: props.deploymentAnnotations,
    });
    recordClusterVersion(this.deployment, props.clusterVersion);
    this.node.defaultChild = this.deployment;
    // An APIService without a server behind it breaks discovery: it comes last, and is pruned first.
    this.aggregatedApiService.apiServices.forEach((apiService) => apiService.addDependency(this.deployment));
    this.monitoring = ServerMonitoring._of(this, props, {
      name,
      namespace,
      labels,
      serviceLabels: { ...labels, ...serviceLabels },
      podLabels: selectorLabels,
      portName: defaults.namedPort ? 'https' : undefined,
      selfMetrics: props._selfMetrics ?? ['apiserver'],
      insecureSkipTlsVerify: certificate.insecureSkipTlsVerify,
      caSecret: certificate.caSecret,
      caBundle: certificate.caBundle,
      rbac: this.rbac,
    });
    refuseErrors(this);
  }

  /**
   * Adds a nanny that sizes the server's container to the cluster. The container's own resources are removed.
   *
   * @param options What the nanny estimates, and how
   */
  public addNanny(options: NannyOptions = {}): NannySidecar {
    return new NannySidecar(this, 'Nanny', { rbac: this.rbac, ...options, deployment: this, container: this.name });
  }

  /** @internal Mounts a volume into the server's container, read-only. */
  public _mount(volume: Volume, mountPath: string): void {
    this.volumes.push(volume);
    this.volumeMounts.push({ name: volume.name, mountPath, readOnly: true });
  }

  private createDeployment(
    props: ExtensionApiServerProps,
    certificate: ServingCertificateParts,
    securePort: number,
    metadata: ObjectMeta & { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  ): ApiObject {
    const portArgs = securePort === FLAG_DEFAULT_SECURE_PORT ? [] : [`--secure-port=${securePort}`];
    const args = [...certificate.args, ...portArgs, ...props.args ?? []];
    checkFlagsNotTaken(this, 'args', props.args ?? [], new Map([['secure-port', 'securePort'], ...flagsOf(certificate).map((flag) => [flag, 'servingCertificate'] as const)]));
    const spec: DeploymentSpec = {
      replicas: props.replicas,
      selector: { matchLabels: this.selectorLabels },
      revisionHistoryLimit: props.revisionHistoryLimit,
      strategy: strategyOf(props.updateStrategy, this.defaults.maxUnavailable),
      template: podTemplate({
        ...props,
        ...props.highAvailability ? spread(this.namespace, this.selectorLabels) : {},
        args,
        securePort,
        labels: metadata.labels,
        serviceAccountName: this.serviceAccountRef.name,
        givenServiceAccount: props.serviceAccount !== undefined,
        volumes: this.volumes,
        volumeMounts: this.volumeMounts,
      }, this.defaults),
    };
    return namespaced(this, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment' }, metadata, { spec });
  }
}

/** Flags that are the serving certificate's, beside those it writes: a server that is verified serves no other certificate. */
function flagsOf({ args, insecureSkipTlsVerify }: ServingCertificateParts): string[] {
  return [...args.map(flagName), ...insecureSkipTlsVerify ? [] : ['cert-dir', 'tls-cert-file', 'tls-private-key-file']];
}

function wireRule({ nonResourceUrls, ...rule }: PolicyRule) {
  return { ...rule, nonResourceURLs: nonResourceUrls };
}
