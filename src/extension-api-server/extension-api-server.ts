import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CheckArgs, checkArgsBeside, extensionApiServerArgs } from './_extension-api-server-args';
import { checkExtensionApiServer, checkOptionsTogether } from './_extension-api-server-checks';
import { shutdownOf } from './_shutdown';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PodDefaults, RESTRICTED_POD } from '../_facts/pod';
import { SelfMetrics } from '../_facts/self-metrics';
import { serviceOptionsOf } from '../api-service/_aggregated-api-service-checks';
import { AggregatedApiService, ApiGroupVersion } from '../api-service/aggregated-api-service';
import { disruptionBudget } from '../availability/_disruption-budget';
import { withHighAvailability } from '../availability/_high-availability';
import { strategyOf } from '../availability/_update-strategy';
import { clusterNames } from '../kubernetes/_cluster-names';
import { checkInitContainerOn, defaultsOn, recordClusterVersion, recordedVersion } from '../kubernetes/_cluster-version';
import { apiServiceName, DeploymentSpec, namespaced, ownNamespaceOf, ObjectMeta, WireVolume } from '../kubernetes/_k8s';
import { refuseObjectsTwice } from '../kubernetes/_object-twice';
import { onPlatform, recordPlatform } from '../kubernetes/_on-platform';
import { IServiceAccountRef } from '../kubernetes/references';
import { ServerMonitoring } from '../monitoring/server-monitoring';
import { NannyOptions } from '../nanny/nanny-options';
import { NannySidecar } from '../nanny/nanny-sidecar';
import { Connections, networkPolicy } from '../network/_network-policy';
import { NetworkPolicyOptions } from '../network/network-policy-options';
import { checkFlagsNotSet } from '../pod/_args-checks';
import { Pod, securePortOf } from '../pod/_pod';
import { checkAddedContainer } from '../pod/_pod-checks';
import { podSpecMistakes } from '../pod/_pod-spec-checks';
import { checkAddedMounts } from '../pod/_volume-checks';
import { ContainerResources } from '../pod/resources';
import { Volume } from '../pod/volume';
import { VolumeMountOptions } from '../pod/volume-mount';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { AuthDelegatorBindings } from '../rbac/auth-delegator-bindings';
import { PolicyRule } from '../rbac/policy-rule';
import { refuseErrors } from '../rules/_tree';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { checkFactory, checkText, describe, isRecord, refuse } from '../validation/_validation';

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
   * How the API is served over TLS. Any server built on `k8s.io/apiserver` can serve all but `ServingCertificate.selfManaged()`, whose description says
   * what a server has to do for it.
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
   * Time that a pod that is asked to end goes on serving, though it is not ready any more, so that nobody is sent to it when it stops. In whole
   * seconds, and less than `terminationGracePeriod`. The server gets it as `--shutdown-delay-duration`: servers on this package's runtime have that flag, servers on
   * `k8s.io/apiserver` only where they add its server run options, and others end at once with an unknown flag.
   *
   * @default - none
   */
  readonly shutdownDelay?: Duration;
  /**
   * What the server asks for and may not exceed, unless a nanny is added: `addNanny()` removes it.
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
  /** @internal What the image is to be, in front of all flags. */
  readonly _subcommand?: readonly string[];
  /** @internal */
  readonly _defaults?: PodDefaults;
  /** @internal Refuses added arguments that the image does not know, or that further properties write. */
  readonly _checkArgs?: CheckArgs;
  /** @internal */
  readonly _connections?: Connections;
  /** @internal */
  readonly _selfMetrics?: readonly SelfMetrics[];
  /** @internal Group versions that it serves too, to which nobody is led before `_register()`. */
  readonly _mayServe?: readonly ApiGroupVersion[];
  /** @internal Whether the server serves metrics for autoscalers too, told by `--config`. */
  readonly _hostsMetrics?: boolean;
}

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
  /** @internal Whether roles are synthesized. */
  public readonly _rbac: boolean;
  /** @internal Whether a `MetricsAdapter` may have it serve its metrics. */
  public readonly _hostsMetrics: boolean;
  /** @internal */
  public readonly _networkPolicyOptions?: NetworkPolicyOptions;

  private readonly defaults: PodDefaults;
  private readonly selectorLabels: Readonly<Record<string, string>>;
  private readonly pod: Pod;
  private readonly checkAddedArgs: readonly CheckArgs[];
  private readonly selfMetrics: SelfMetrics[];
  /** Of the ClusterRole, which refers to them and has those of what is served later, too. */
  private readonly rules: object[];
  private readonly rulesByNow: () => object[];
  /** Names of the APIServices of what it serves, and of those among them that lead to it. */
  private readonly served: string[];
  private readonly registered: string[];

  constructor(scope: Construct, id: string, given: ExtensionApiServerProps) {
    super(scope, id);
    checkExtensionApiServer(this, given);
    this.name = given.name;
    this.namespace = ownNamespaceOf(this, given.namespace);
    this.defaults = onPlatform(defaultsOn(given._defaults ?? RESTRICTED_POD, given.clusterVersion), given.platform);
    this._rbac = given.rbac ?? true;
    this._hostsMetrics = given._hostsMetrics ?? false;
    this._networkPolicyOptions = given.networkPolicy;
    this.selectorLabels = given.selectorLabels ?? { 'app.kubernetes.io/name': given.name };
    const shutdown = shutdownOf(this, given, {});
    const props = withHighAvailability({ ...given, terminationGracePeriod: shutdown.terminationGracePeriod }, this.namespace, this.selectorLabels);
    checkOptionsTogether(this, props, this.namespace, this.selectorLabels, this.defaults);

    const { name, namespace, defaults, selectorLabels } = this;
    const labels = this._labels = defaults.labelEveryObject ? { ...selectorLabels, ...props.labels } : { ...props.labels };
    const metadata = { name, namespace, labels };

    if (!props.serviceAccount) {
      this.serviceAccount = namespaced(this, 'ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount' }, {
        ...metadata, name: props.createdServiceAccountName ?? name, annotations: props.serviceAccountAnnotations,
      }, { secrets: props.serviceAccountSecrets?.map((secret) => ({ name: secret.name })) });
    }
    this.serviceAccountRef = props.serviceAccount ?? { name: props.createdServiceAccountName ?? name };
    const subject = { name: this.serviceAccountRef.name, namespace };

    const certificate = props.servingCertificate._bind(this, {
      name,
      namespace,
      labels,
      serviceAccount: subject,
      rbac: this._rbac,
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

    this.selfMetrics = [...props._selfMetrics ?? ['apiserver' as const]];
    this.registered = props.groupVersions.map(apiServiceName);
    this.served = [...this.registered, ...(props._mayServe ?? []).map(apiServiceName)];
    const clusterRules = (props.clusterRules ?? []).map(wireRule);
    this.rulesByNow = () => [
      ...clusterRules,
      ...certificate.apiServiceRules?.(this.registered, this.served.filter((apiService) => !this.registered.includes(apiService))) ?? [],
    ];
    this.rules = this.rulesByNow();
    if (this._rbac && this.rules.length > 0) {
      const roleMetadata = { name: clusterNames(name, namespace).clusterRole, labels };
      this.clusterRole = clusterRole(this, 'ClusterRole', roleMetadata, this.rules);
      this.clusterRoleBinding = clusterRoleBinding(this, 'ClusterRoleBinding', roleMetadata, roleMetadata.name, subject);
    }
    if (props.authBindings ?? this._rbac) {
      this.authDelegatorBindings = new AuthDelegatorBindings(this, 'AuthDelegatorBindings', {
        serviceAccount: this.serviceAccountRef, namespace, name, labels,
      });
    }

    const securePort = securePortOf(props, defaults);
    if (props.networkPolicy) {
      const connections = props._connections ?? { kubeletPorts: [], dns: false };
      this.networkPolicy = networkPolicy(this, metadata, selectorLabels, securePort, connections, props.networkPolicy);
    }
    this.disruptionBudget = disruptionBudget(this, metadata, selectorLabels, props.disruptionBudget);
    // A ServiceMonitor finds the Service by what never changes.
    const serviceLabels = { ...props.monitoring && selectorLabels, ...defaults.serviceLabels, ...props.serviceLabels };
    this.aggregatedApiService = new AggregatedApiService(this, 'AggregatedApiService', {
      ...serviceOptionsOf(props),
      // Where APIServices are made elsewhere, it may still order what monitors.
      gitOps: props.apiServices === false && (props.monitoring ?? props.alertRules) ? undefined : props.gitOps,
      ...props.apiServices === false ? {} : { apiServiceAnnotations: { ...certificate.apiServiceAnnotations, ...props.apiServiceAnnotations } },
      name,
      namespace,
      labels,
      serviceLabels,
      selector: selectorLabels,
      servicePort: {
        port: props.servicePort,
        ...defaults.lacksAppProtocol ? { appProtocol: '' } : {},
        ...defaults.namedPort ? {} : { targetPort: securePort, name: '', appProtocol: '' },
      },
      groupVersions: props.groupVersions,
      _mayServe: props._mayServe,
      insecureSkipTlsVerify: certificate.insecureSkipTlsVerify,
      caBundle: certificate.caBundle,
    });
    const deploymentLabels = { ...selectorLabels, ...labels };
    this.pod = new Pod({
      ...props,
      labels: { ...deploymentLabels, ...props.podLabels },
      selectorLabels,
      serviceAccountName: this.serviceAccountRef.name,
      givenServiceAccount: props.serviceAccount !== undefined,
    }, defaults);
    if (certificate.volume) this._mount(certificate.volume.source, certificate.volume.mountPath);
    const checkArgs = checkArgsBeside(certificate, shutdown);
    checkArgs(this, 'args', props.args ?? []);
    this.pod.addArgs([...props._subcommand ?? [], ...extensionApiServerArgs(certificate, securePort, shutdown), ...props.args ?? []]);
    this.checkAddedArgs = [props._checkArgs ?? [], checkArgs].flat();
    this.deployment = this.createDeployment(props, { ...metadata, labels: deploymentLabels, annotations: props.deploymentAnnotations });
    recordClusterVersion(this, this.deployment, props.clusterVersion);
    recordPlatform(this.deployment, props.platform);
    this.node.defaultChild = this.deployment;
    // An APIService without a server behind it breaks discovery: it comes last, and is pruned first.
    this.aggregatedApiService.apiServices.forEach((apiService) => apiService.addDependency(this.deployment));
    this.monitoring = ServerMonitoring._of(this, props, {
      name,
      namespace,
      labels,
      selectorLabels,
      portName: defaults.namedPort ? 'https' : undefined,
      selfMetrics: () => this.selfMetrics,
      insecureSkipTlsVerify: certificate.insecureSkipTlsVerify,
      caSecret: certificate.caSecret,
      caBundle: certificate.caBundle,
      operatorKindAnnotations: props.gitOps?._foreignKindAnnotations(),
      rbac: this._rbac,
    });
    refuseObjectsTwice(this);
    refuseErrors(this);
  }

  /**
   * Adds a nanny that sizes the server's container to the cluster. It takes the place of `resources`, which are removed also where they were
   * given: whoever wants those adds no nanny.
   *
   * @param options What the nanny estimates, and how
   */
  public addNanny(options: NannyOptions = {}): NannySidecar {
    if (!isRecord(options)) refuse(this, { property: 'options', given: options, allowed: 'options of a nanny', mend: 'write addNanny({ … }), or addNanny()' });
    if (this.node.tryFindChild('Nanny')) {
      refuse(this, { property: 'addNanny', given: 'a second nanny', allowed: 'one nanny for a Deployment', mend: 'remove one of the two; Sizing.nanny() adds one as well' });
    }
    return new NannySidecar(this, 'Nanny', { rbac: this._rbac, ...options, deployment: this, container: this.name });
  }

  /**
   * Adds arguments of the server, beside those of `args`.
   *
   * One whose flag a property writes is refused, and one whose flag is set already, since which of two values counts is the server's
   * business: a flag that takes several gets them all in one call.
   *
   * @param args `--flag` or `--flag=value`, each an element
   */
  public addArgs(...args: string[]): void {
    args.forEach((arg, i) => checkText(this, `addArgs[${i}]`, arg));
    this.checkAddedArgs.forEach((check) => check(this, 'addArgs', args));
    checkFlagsNotSet(this, 'addArgs', args, this.pod.args);
    this.pod.addArgs(args);
  }

  /**
   * Adds a volume to the pods, and mounts it into the server's container.
   *
   * @param volume The volume. Its name once
   * @param mounts Where it is mounted. None for a volume that only another container mounts
   */
  public addVolume(volume: Volume, ...mounts: VolumeMountOptions[]): void {
    checkFactory(this, 'volume', volume, Volume);
    volume._check(this, 'volume', this.namespace);
    checkAddedMounts(this, 'mounts', mounts);
    this.pod.addVolume(volume._toWire(), ...mounts.map((mount) => ({ ...mount, name: volume.name })));
  }

  /**
   * Adds a container to the pods, beside the server's.
   *
   * @param container The container as the Kubernetes API has it, with a name of its own and an image. It is passed on as it is
   */
  public addContainer(container: { [key: string]: any }): void {
    checkAddedContainer(this, 'container', container);
    this.pod.addContainer(container);
  }

  /**
   * Adds a container that ends before the server starts, or one that starts before it (`restartPolicy: Always`).
   *
   * @param container The container as the Kubernetes API has it, with a name of its own and an image. It is passed on as it is
   */
  public addInitContainer(container: { [key: string]: any }): void {
    checkAddedContainer(this, 'container', container);
    checkInitContainerOn(this, container, recordedVersion(this.deployment));
    this.pod.addInitContainer(container);
  }

  /** @internal Arguments of the server by now. */
  public get _args(): readonly string[] {
    return this.pod.args;
  }

  /** @internal It serves further group versions by other arguments, and tells more of itself. */
  public _serve(groupVersions: readonly ApiGroupVersion[], selfMetrics: readonly SelfMetrics[]): void {
    this.served.push(...groupVersions.map(apiServiceName));
    this.updateRules();
    this.selfMetrics.push(...selfMetrics);
  }

  /** @internal Has kube-apiserver find here what it serves, by APIServices that are made here unless they are made elsewhere. */
  public _register(groupVersions: readonly ApiGroupVersion[], apiServices = true): void {
    this.registered.push(...groupVersions.map(apiServiceName));
    this.updateRules();
    if (!apiServices) return;
    this.aggregatedApiService._register(groupVersions).forEach((apiService) => apiService.addDependency(this.deployment));
  }

  /** @internal Mounts a volume into the server's container, read-only. */
  public _mount(volume: WireVolume, mountPath: string): void {
    this.pod.addVolume(volume, { name: volume.name, mountPath, readOnly: true });
  }

  private updateRules(): void {
    this.rules.splice(0, this.rules.length, ...this.rulesByNow());
  }

  private createDeployment(props: ExtensionApiServerProps, metadata: ObjectMeta & { readonly namespace: string }): ApiObject {
    const spec: DeploymentSpec = {
      replicas: props.replicas,
      selector: { matchLabels: this.selectorLabels },
      revisionHistoryLimit: props.revisionHistoryLimit,
      strategy: strategyOf(props.updateStrategy, this.defaults.maxUnavailable),
      template: this.pod.template,
    };
    const deployment = namespaced(this, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment' }, metadata, { spec });
    deployment.node.addValidation({ validate: () => podSpecMistakes(deployment.toJson().spec.template.spec).map(describe) });
    return deployment;
  }
}

function wireRule({ nonResourceUrls, ...rule }: PolicyRule) {
  return { ...rule, nonResourceURLs: nonResourceUrls };
}
