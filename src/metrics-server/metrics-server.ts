import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { kubeletPorts, metricsServerArgs } from './_metrics-server-args';
import { checkMetricsServer } from './_metrics-server-checks';
import { KubeletAccess } from './kubelet-access';
import { KubeletSource } from './kubelet-source';
import { NodeAddressType } from './node-address-type';
import { Sizing } from './sizing';
import { ImageFacts } from '../_facts/images';
import { RIGHTS } from '../_facts/rights';
import { checkOptionsTogether, optionsOf } from '../extension-api-server/_extension-api-server-checks';
import { shutdownOf } from '../extension-api-server/_shutdown';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { ExtensionApiServerOptions } from '../extension-api-server/extension-api-server-options';
import { clusterNames } from '../kubernetes/_cluster-names';
import { checkImageRunsOn } from '../kubernetes/_cluster-version';
import { namespaceOf } from '../kubernetes/_k8s';
import { Reading } from '../monitoring/_reading';
import { MetricsReader } from '../monitoring/metrics-reader';
import { NannyOptions } from '../nanny/nanny-options';
import { NannySidecar } from '../nanny/nanny-sidecar';
import { Connections } from '../network/_network-policy';
import { checkLimitsHoldRequests } from '../pod/_pod-checks';
import { mergedResources } from '../pod/_resources';
import { Image } from '../pod/image';
import { ContainerResources } from '../pod/resources';
import { Volume } from '../pod/volume';
import { VolumeMountOptions } from '../pod/volume-mount';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { PolicyRule } from '../rbac/policy-rule';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { refuse } from '../validation/_validation';

/** Properties of `MetricsServer`. */
export interface MetricsServerProps extends ExtensionApiServerOptions {
  /**
   * Name of the server: of its Deployment, container, Service and ServiceAccount. The names of other objects begin with it, those that are
   * cluster-wide with `<name>.<namespace>`; only `metrics-server` in `kube-system` has the names of metrics-server's own manifests, such as
   * the ClusterRole `system:metrics-server`. A DNS label of up to 63 characters that begins with a letter.
   *
   * @default metrics-server
   */
  readonly name?: string;
  /**
   * Image of the server. It decides which API versions are served, which serving certificates are possible and which flags exist.
   *
   * @default Image.companion()
   */
  readonly image?: Image;
  /**
   * How `metrics.k8s.io` is served over TLS.
   *
   * @default ServingCertificate.selfManaged() - with an image that cannot do that, it has to be chosen
   */
  readonly servingCertificate?: ServingCertificate;
  /**
   * Labels that select the pods. A Deployment's selector cannot be changed once it is in a cluster.
   *
   * @default - `k8s-app` with the server's name
   */
  readonly selectorLabels?: { readonly [key: string]: string };
  /**
   * How resources follow from the size of the cluster. What `resources` says wins, quantity by quantity; a nanny sets all of them, so that beside one
   * `resources` is refused.
   *
   * @default - as `Sizing.forNodes(100)` for the companion image; of the others as in their own manifests, see `resources`
   */
  readonly sizing?: Sizing;
  /**
   * What the server asks for and may not exceed. Each quantity that is given replaces the default one, and empty text removes it.
   *
   * @default - what `sizing` says; without it, requests for 100 nodes; with metrics-server's own images 100m CPU and 200Mi memory, none with
   * v0.3
   */
  readonly resources?: ContainerResources;
  /**
   * Time between two scrapes of a kubelet, and so the age that figures reach. From 10 s on; 0.9 of it must hold the kubelet request timeout.
   *
   * @default Duration.seconds(15) - with releases before v0.5 the image's own, 60 s
   */
  readonly metricResolution?: Duration;
  /**
   * Time that figures are served, with the time they were measured, when a kubelet does not answer any more. From one `metricResolution` to ten:
   * the longer, the longer autoscalers act on what was. Companion image only: metrics-server forgets at once.
   *
   * @default - two resolutions, so that nothing is missing after one scrape that failed
   */
  readonly metricRetention?: Duration;
  /**
   * Whether the server watches whole pods and not only their metadata, to know which of their containers run. One that runs and has no figures is
   * then listed without any, so that no autoscaler takes the others' sum for the pod's; one that has ended is not listed. Costs many times the
   * traffic of pods' metadata, and CPU whenever pods change, and needs no further rights. Companion image only. Every case:
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/truth.md
   *
   * @default false
   */
  readonly watchContainerStates?: boolean;
  /**
   * Whether the server tells by Events of a node, as `kubectl describe node` shows them, that its kubelet cannot be scraped and that it can again.
   * Gives it the right to create Events. Companion image only.
   *
   * @default false
   */
  readonly nodeEvents?: boolean;
  /**
   * Whether the server answers no more than metrics-server does: lists whole whatever `limit` and `continue` say, no
   * `fieldSelector=spec.nodeName=…`, and no usage of swap. Companion image only.
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/api.md
   *
   * @default false
   */
  readonly upstreamCompatible?: boolean;
  /**
   * How to connect to kubelets and show them who asks.
   *
   * @default KubeletAccess.clusterCa()
   */
  readonly kubeletAccess?: KubeletAccess;
  /**
   * Port of the kubelets, from 1 to 65535. With `kubeletUseNodeStatusPort`, for nodes whose status names none.
   *
   * @default 10250
   */
  readonly kubeletPort?: number;
  /**
   * Whether each node's status says which port its kubelet has. Not with `KubeletAccess.readOnlyPort()`.
   *
   * @default - true, unless `kubeletPort` is given, the read-only port is used, or the image is older than v0.4
   */
  readonly kubeletUseNodeStatusPort?: boolean;
  /**
   * Types of node addresses to ask kubelets at, preferred first. At least one, each once.
   *
   * @default - internal IP, external IP, host name; with v0.3 the image's own
   */
  readonly kubeletPreferredAddressTypes?: NodeAddressType[];
  /**
   * Page of the kubelets that figures are read from. Gives the server the right to read it. Companion image only.
   *
   * @default KubeletSource.RESOURCE
   */
  readonly kubeletSource?: KubeletSource;
  /**
   * Time that one request to a kubelet may take. From v0.7.
   *
   * @default - 10 s, the image's own
   */
  readonly kubeletRequestTimeout?: Duration;
  /**
   * Label selector of the nodes to scrape, such as `metrics!=off`. From v0.7.
   *
   * @default - all nodes
   */
  readonly scrapeNodeSelector?: string;
  /**
   * Time that a pod that is asked to end goes on serving, though it is not ready any more, so that nobody is sent to it when it stops. In whole
   * seconds, and less than `terminationGracePeriod`; zero for none. From v0.8.
   *
   * @default - 5 s, or none where `terminationGracePeriod` is not longer; with metrics-server's own images their own, none
   */
  readonly shutdownDelay?: Duration;
  /**
   * Further arguments, as a last resort: `--flag` or `--flag=value`, each an element. A flag that a property can write is refused.
   *
   * @default - none
   */
  readonly extraArgs?: string[];
}

/** Aggregation of the reader's ClusterRole into those that Kubernetes gives to users. */
const AGGREGATE_TO_USERS = {
  'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
  'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
  'rbac.authorization.k8s.io/aggregate-to-view': 'true',
};

const READ_METRICS = [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }];

/**
 * A metrics server: what `kubectl top` and the HorizontalPodAutoscaler read CPU and memory from. Which example to start from:
 * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/examples/README.md
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   metricResolution: Duration.seconds(30),
 *   kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME],
 *   resources: { limits: { memory: '1Gi' } },
 * });
 */
export class MetricsServer extends Construct {
  /** The extension API server beneath: Deployment, Service, APIServices, ServiceAccount and what else it synthesizes. */
  public readonly server: ExtensionApiServer;
  /**
   * ClusterRole that lets whoever may view, edit or administer a namespace read its metrics, undefined when roles are made elsewhere. It
   * belongs to the API, so its name is fixed.
   */
  public readonly aggregatedMetricsReader?: ApiObject;
  /** Nanny that `sizing` asks for, undefined without. */
  public readonly nanny?: NannySidecar;
  /** ClusterRoleBinding to `system:kubelet-api-admin`, undefined unless `kubeletAccess` asks for it, and when bindings are made elsewhere. */
  public readonly kubeletApiAdminBinding?: ApiObject;

  private readonly debugNodes: Reading;

  constructor(scope: Construct, id: string, props: MetricsServerProps = {}) {
    super(scope, id);
    checkMetricsServer(this, '', props);
    const name = props.name ?? 'metrics-server';
    const image = props.image ?? Image.companion();
    const servingCertificate = props.servingCertificate ?? ServingCertificate.selfManaged();
    const kubeletAccess = props.kubeletAccess ?? KubeletAccess._on(props.platform);
    const selectorLabels = props.selectorLabels ?? { 'k8s-app': name };
    const namespace = namespaceOf(this, props.namespace);
    const facts = image._check(this);
    checkOptionsTogether(this, props, namespace, selectorLabels, facts.pod);
    this.checkServingCertificate(servingCertificate, props.servingCertificate !== undefined, image.reference, facts);
    checkImageRunsOn(this, image.reference, facts, props.clusterVersion);
    kubeletAccess._check(this, namespace);
    const resources = this.resourcesOf(props, facts);

    const shutdown = shutdownOf(this, props, facts);
    const { args, check } = metricsServerArgs(this, props, facts, kubeletAccess, shutdown);
    this.server = new ExtensionApiServer(this, 'Server', {
      ...optionsOf(props),
      terminationGracePeriod: shutdown.terminationGracePeriod,
      namespace,
      name,
      servingCertificate,
      image: image.reference,
      groupVersions: facts.apiVersions.map((version) => ({ group: 'metrics.k8s.io', version })),
      selectorLabels,
      resources,
      clusterRules: rulesOf(facts, kubeletAccess, props),
      args: [...args],
      _defaults: facts.pod,
      _connections: connectionsOf(props, facts, kubeletAccess),
      _selfMetrics: facts.selfMetrics ?? [],
      _checkArgs: check,
      _hostsMetrics: facts.companion,
    });
    const { files = [], bindsKubeletApiAdmin } = kubeletAccess._parts;
    for (const { volume, mountPath } of files) this.server._mount(volume, mountPath);
    const { rbac = true } = props;
    if (rbac && bindsKubeletApiAdmin) {
      const binding = { name: clusterNames(name, namespace).kubeletApiAdmin, labels: this.server._labels };
      const subject = { name: this.server.serviceAccountRef.name, namespace };
      this.kubeletApiAdminBinding = clusterRoleBinding(this, 'KubeletApiAdminBinding', binding, 'system:kubelet-api-admin', subject);
    }
    if (props.sizing?._nanny !== undefined) this.nanny = this.server.addNanny(props.sizing._nanny);
    this.node.defaultChild = this.server;
    this.debugNodes = new Reading({ scope: this, labels: this.server._labels, rbac, deployment: this.server.deployment }, 'DebugNodesReader', clusterNames(name, namespace).debugNodesReader, () => [
      { nonResourceURLs: ['/debug/nodes'], verbs: ['get'] },
    ]);

    if (rbac) {
      const metadata = { name: 'system:aggregated-metrics-reader', labels: { ...this.server._labels, ...AGGREGATE_TO_USERS } };
      this.aggregatedMetricsReader = clusterRole(this, 'AggregatedMetricsReader', metadata, READ_METRICS);
    }
  }

  /**
   * Adds the nanny of `sizing: Sizing.nanny()` to a server that is made already. Who makes it writes that instead. It takes the place of
   * `resources` and `sizing`, and is refused beside a nanny, and with more than one replica.
   *
   * @param options What the nanny estimates, and how
   */
  public addNanny(options: NannyOptions = {}): NannySidecar {
    return this.server.addNanny(options);
  }

  /**
   * Adds arguments of the server, as a last resort. What `extraArgs` refuses is refused here as well, and so is a flag that is set already.
   *
   * @param args `--flag` or `--flag=value`, each an element
   */
  public addArgs(...args: string[]): void {
    this.server.addArgs(...args);
  }

  /**
   * Adds a volume to the pods, and mounts it into the server's container.
   *
   * @param volume The volume. Its name once
   * @param mounts Where it is mounted. None for a volume that only another container mounts
   */
  public addVolume(volume: Volume, ...mounts: VolumeMountOptions[]): void {
    this.server.addVolume(volume, ...mounts);
  }

  /**
   * Adds a container to the pods, beside the server's.
   *
   * @param container The container as the Kubernetes API has it, with a name of its own and an image. It is passed on as it is
   */
  public addContainer(container: { [key: string]: any }): void {
    this.server.addContainer(container);
  }

  /**
   * Adds a container that ends before the server starts, or one that starts before it (`restartPolicy: Always`).
   *
   * @param container The container as the Kubernetes API has it, with a name of its own and an image. It is passed on as it is
   */
  public addInitContainer(container: { [key: string]: any }): void {
    this.server.addInitContainer(container);
  }

  /**
   * Lets somebody read `/debug/nodes` of the server: of each node the last success, why the last scrape failed, and at which addresses its kubelet was tried. Companion
   * image only.
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/doctor.md#what-a-running-server-knows
   *
   * @param reader Who may read it
   */
  public grantDebugNodes(reader: MetricsReader): void {
    if (!this.server._hostsMetrics) {
      refuse(this, {
        property: 'grantDebugNodes', given: 'an image of metrics-server\'s', allowed: 'the companion image, which alone has the page', mend: 'leave image or the call out',
      });
    }
    this.debugNodes.grant(reader);
  }

  private resourcesOf({ resources: given, sizing }: MetricsServerProps, facts: ImageFacts): ContainerResources | undefined {
    const usual = sizing ? sizing._resources(this, facts) : { requests: facts.requests };
    if (sizing?._nanny !== undefined && given !== undefined) {
      refuse(this, {
        property: 'resources', given, allowed: 'none beside Sizing.nanny(), which sets all of them', mend: 'remove resources, or set sizing to Sizing.forNodes(100)',
      });
    }
    const resources = mergedResources(given, usual);
    checkLimitsHoldRequests(this, 'resources', resources);
    return resources;
  }

  private checkServingCertificate(
    certificate: ServingCertificate, isGiven: boolean, reference: string, { servingCertificates: possible }: ImageFacts,
  ): void {
    if (possible.includes(certificate._kind)) return;
    refuse(this, {
      property: 'servingCertificate',
      given: isGiven ? `ServingCertificate.${certificate._kind}() with ${reference}` : `nothing, with ${reference}`,
      allowed: possible.map((kind) => `ServingCertificate.${kind}()`).join(', '),
      mend: `set servingCertificate to ServingCertificate.${possible[0]}(), or leave image out for the companion image`,
    });
  }
}

/** What the server may do: as its own manifests say, or what the features in use need. */
function rulesOf(facts: ImageFacts, { _parts: { identity, readOnlyPort } }: KubeletAccess, props: MetricsServerProps): PolicyRule[] {
  const { nodeEvents, kubeletSource = KubeletSource.RESOURCE } = props;
  if (facts.clusterRules) return [...facts.clusterRules];
  // The read-only port asks for no credentials, so no right is needed to read it.
  const asksKubelets = !readOnlyPort && !identity;
  return [
    ...(asksKubelets && kubeletSource !== KubeletSource.SUMMARY ? RIGHTS.kubeletMetrics() : []),
    ...(asksKubelets && kubeletSource !== KubeletSource.RESOURCE ? RIGHTS.kubeletStats() : []),
    ...(identity?.isFor === 'everything' ? [] : RIGHTS.inventory()),
    ...(nodeEvents ? RIGHTS.nodeEvents() : []),
  ];
}

/** Whom the server connects to: kubelets at their ports, and by name where names are preferred to addresses or a kubeconfig may hold some. */
function connectionsOf(props: MetricsServerProps, facts: ImageFacts, access: KubeletAccess): Connections {
  const [preferred] = props.kubeletPreferredAddressTypes ?? [];
  return {
    kubeletPorts: kubeletPorts(props, facts, access),
    dns: access._parts.identity?.isFor === 'everything' || (preferred !== undefined && !preferred.name.endsWith('IP')),
  };
}
