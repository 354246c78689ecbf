import { ApiObject, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { checkConfiguration, checkEstimates, checkNanny, checkNannyArgs, checkUseMetrics, Estimates } from './_nanny-checks';
import { nannyArgs, nannyContainer, nannyPatches } from './_nanny-container';
import { estimated, exponentialNodes } from './_nanny-estimate';
import { changeMistakes, deploymentAsWritten, NannyTarget, targetMistakes } from './_nanny-target';
import { patchAtSynth } from './_patch-at-synth';
import { NannyConfiguration } from './nanny-configuration';
import { NannyEstimate, NannyEstimator, NannyOptions } from './nanny-options';
import { ADDON_RESIZER_IMAGE, addonResizerRelease, PATCHES_DEPLOYMENT } from '../_facts/addon-resizer';
import { isOlder } from '../_facts/images';
import { RESTRICTED_POD } from '../_facts/pod';
import { clusterNames } from '../kubernetes/_cluster-names';
import { checkInitContainerOn, checkRequirements, defaultsOn, recordClusterVersion, recordedVersion } from '../kubernetes/_cluster-version';
import { Container, namespaced } from '../kubernetes/_k8s';
import { POD_REQUIREMENTS } from '../pod/_pod-requirements';
import { ContainerResources } from '../pod/resources';
import { clusterRole, clusterRoleBinding, role, roleBinding } from '../rbac/_rbac';
import { imageParts } from '../rules/_container';
import { wholeNumber } from '../validation/_checks';
import { describe, LABEL_1123, refuse } from '../validation/_validation';

/** Properties of `NannySidecar`. */
export interface NannySidecarProps extends NannyOptions {
  /**
   * The Deployment whose container is sized: an ApiObject, an `ExtensionApiServer`, a `MetricsServer`, or the Deployment construct of
   * another library: any construct whose default child is a Deployment.
   */
  readonly deployment: IConstruct;
  /**
   * Name of the container that is sized.
   *
   * @default - the Deployment's only container
   */
  readonly container?: string;
  /**
   * Minor of Kubernetes that the cluster runs, such as `1.34`. `useMetrics` with an image that is too old for it is refused. Written on the
   * Deployment as an annotation, of which there may be no other.
   *
   * @default - what the Deployment's server was given as `clusterVersion`
   */
  readonly clusterVersion?: string;
}

const DEFAULT_ESTIMATOR = NannyEstimator.exponential(100);
const DEFAULT_THRESHOLD = 5;

/**
 * Sizes a container to the cluster: addon-resizer ("pod nanny") as a sidecar, with the rights it needs, by name. It is for the Deployments of
 * others: a `MetricsServer` has `sizing: Sizing.nanny()`, an `ExtensionApiServer` `addNanny()`.
 *
 * The container's own resources are removed, for the nanny sets them. It restarts the pod whenever it does, and Deployments of more than one
 * replica are refused.
 *
 * @example
 * new NannySidecar(this, 'nanny', {
 *   deployment: this.node.findChild('web'),
 *   cpu: { base: '40m', perNode: '1m' },
 *   memory: { base: '40Mi', perNode: '2Mi' },
 *   estimator: NannyEstimator.linear(),
 * });
 */
export class NannySidecar extends Construct {
  /** Role to read the pod and to patch the Deployment, undefined, as the others, when rights are granted elsewhere. */
  public readonly role?: ApiObject;
  /** RoleBinding of that Role. */
  public readonly roleBinding?: ApiObject;
  /** ClusterRole to count nodes. */
  public readonly clusterRole?: ApiObject;
  /** ClusterRoleBinding of that ClusterRole. */
  public readonly clusterRoleBinding?: ApiObject;
  /** ConfigMap with the nanny's configuration, undefined unless one is synthesized. */
  public readonly configMap?: ApiObject;
  /** Name of the nanny's container. */
  public readonly containerName: string;

  private readonly target: ApiObject;
  private readonly estimates: Estimates;
  private readonly estimator: NannyEstimator;

  constructor(scope: Construct, id: string, props: NannySidecarProps) {
    super(scope, id);
    checkNanny(this, props);
    const { configuration = NannyConfiguration.flags(), image = ADDON_RESIZER_IMAGE, threshold = DEFAULT_THRESHOLD } = props;
    this.estimator = props.estimator ?? DEFAULT_ESTIMATOR;
    this.target = this.targetOf(props.deployment);
    this.estimates = props.cpu || props.memory ? { cpu: props.cpu, memory: props.memory } : this.estimator._defaultEstimates;
    checkEstimates(this, this.estimates, this.estimator, threshold);
    const deployment = deploymentAsWritten(this, this.target);
    recordClusterVersion(this, this.target, props.clusterVersion);
    const clusterVersion = recordedVersion(this.target);
    checkRequirements(this, { clusterVersion, containerSecurityContext: props.containerSecurityContext }, POD_REQUIREMENTS);
    const podSpec = deployment.spec?.template?.spec ?? {};
    // Added before anyone said what the cluster runs.
    const initContainers: Readonly<Record<string, unknown>>[] = podSpec.initContainers ?? [];
    initContainers.forEach((initContainer) => checkInitContainerOn(this, initContainer, clusterVersion));
    const { name, namespace = 'default', labels } = deployment.metadata;
    checkConfiguration(this, configuration, namespace);
    this.containerName = `${name}-nanny`;
    const containers: Container[] = podSpec.containers ?? [];
    const container = this.containerOf(containers, props.container);
    this.checkName(name);
    const subject = { name: podSpec.serviceAccountName ?? 'default', namespace };
    const target: NannyTarget = {
      container: container.name,
      estimates: this.estimates,
      fields: [
        { path: 'metadata.name', value: name },
        { path: 'metadata.namespace', value: namespace, usual: 'default' },
        ...props.rbac ?? true ? [{ path: 'spec.template.spec.serviceAccountName', value: subject.name, usual: 'default' }] : [],
      ],
    };
    this.checkTarget(deployment, target);
    if (containers.some((other) => other.name === this.containerName)) {
      refuse(this, { property: 'deployment', given: `one with a container ${this.containerName}`, allowed: 'one nanny for a Deployment', mend: 'remove one of the two' });
    }

    const inNamespace = { name: this.containerName, namespace, labels };
    const inCluster = { name: clusterNames(name, namespace).nanny, labels };
    if (props.rbac ?? true) {
      this.role = role(this, 'Role', inNamespace, [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: [name], verbs: ['get', writeVerb(image)] },
      ]);
      this.roleBinding = roleBinding(this, 'RoleBinding', inNamespace, inNamespace.name, subject);
      this.clusterRole = clusterRole(this, 'ClusterRole', inCluster, [
        props.useMetrics
          ? { nonResourceURLs: ['/metrics'], verbs: ['get'] }
          : { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      ]);
      this.clusterRoleBinding = clusterRoleBinding(this, 'ClusterRoleBinding', inCluster, inCluster.name, subject);
    }
    const configMap = configuration._parts.configMap?.name ?? configuration._parts.name ?? `${name}-nanny-config`;
    this.configMap = this.createConfigMap(configuration, { name: configMap, namespace, labels });
    if (Chart.of(this.target) === Chart.of(this)) {
      const needed = [this.role, this.roleBinding, this.clusterRole, this.clusterRoleBinding, this.configMap];
      this.target.addDependency(...needed.filter((object) => object !== undefined));
    }

    const isMounted = this.configMap !== undefined || configuration._parts.configMap !== undefined;
    const args = nannyArgs(props, {
      deployment: name,
      container: container.name,
      // Those of a ConfigMap win. Said twice, they would seem to be set where they are not.
      estimates: configuration._parts.synthesized === 'estimates' ? {} : this.estimates,
      estimator: this.estimator,
      threshold,
      isMounted,
    });
    const { extraArgs = [] } = props;
    checkUseMetrics(this, image, props.useMetrics ?? false, clusterVersion);
    checkNannyArgs(this, image, args, extraArgs);
    const sidecar = nannyContainer(props, {
      name: this.containerName, image, args: [...args, ...extraArgs], isMounted, defaults: defaultsOn(RESTRICTED_POD, clusterVersion),
    });
    patchAtSynth(this.target, (manifest) => nannyPatches(manifest.spec, container.name, sidecar, isMounted ? configMap : undefined));
  }

  /**
   * What the nanny makes of the container's resources in a cluster of so many nodes: the same as request and as limit. CPU below whole
   * millicores, such as `100500u`, is what it asks for; Kubernetes rounds it up. What a ConfigMap says at run time is not known here.
   *
   * @param nodes Number of nodes, 0 or more
   */
  public estimate(nodes: number): ContainerResources {
    wholeNumber(0, Number.MAX_SAFE_INTEGER, '', 'write a number of nodes, as in estimate(100)')(this, 'nodes', nodes);
    const { _minClusterSize: smallest } = this.estimator;
    const counted = smallest === undefined ? nodes : exponentialNodes(nodes, smallest);
    const amount = (estimate?: NannyEstimate) => estimate && estimated(estimate, counted);
    const quantities = { cpu: amount(this.estimates.cpu), memory: amount(this.estimates.memory) };
    return { requests: quantities, limits: quantities };
  }

  private createConfigMap(
    { _parts: { synthesized } }: NannyConfiguration, metadata: { name: string; namespace: string; labels?: Readonly<Record<string, string>> },
  ): ApiObject | undefined {
    if (!synthesized) return undefined;
    const { cpu, memory } = this.estimates;
    const estimates = synthesized === 'empty' ? [] : [
      ...(cpu ? [`baseCPU: ${cpu.base}`, `cpuPerNode: ${cpu.perNode}`] : []),
      ...(memory ? [`baseMemory: ${memory.base}`, `memoryPerNode: ${memory.perNode}`] : []),
    ];
    const labels = synthesized === 'empty' ? { ...metadata.labels, 'addonmanager.kubernetes.io/mode': 'EnsureExists' } : metadata.labels;
    return namespaced(this, 'ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap' }, { ...metadata, labels }, {
      data: { NannyConfiguration: ['apiVersion: nannyconfig/v1alpha1', 'kind: NannyConfiguration', ...estimates].join('\n') },
    });
  }

  private targetOf(deployment: IConstruct): ApiObject {
    const child = ApiObject.isApiObject(deployment) ? deployment : deployment?.node?.defaultChild;
    if (!child) return this.refuseTarget(deployment?.node?.path ?? deployment);
    const target = ApiObject.of(child);
    return target.kind === 'Deployment' ? target : this.refuseTarget(`the ${target.kind} ${target.node.path}`);
  }

  private refuseTarget(given: unknown): never {
    return refuse(this, {
      property: 'deployment',
      given,
      allowed: 'a Deployment, or a construct whose default child is one',
      mend: 'give the construct that synthesizes the Deployment',
    });
  }

  /** The container that is sized: by name, or the only one. */
  private containerOf(containers: Container[], name: string | undefined): Container {
    const found = name === undefined && containers.length === 1 ? containers[0] : containers.find((c) => c.name === name);
    if (found) return found;
    return refuse(this, {
      property: 'container',
      given: name,
      allowed: containers.map((c) => c.name).join(' or ') || 'a container of the Deployment, which has none yet',
      mend: 'set container to the name of a container of the Deployment; add that container before the nanny',
    });
  }

  /** Now, and once more with all that was added and patched later. */
  private checkTarget(deployment: unknown, target: NannyTarget): void {
    targetMistakes(deployment, target).forEach((mistake) => refuse(this, mistake));
    this.node.addValidation({
      validate: () => {
        const written = this.target.toJson();
        return [...targetMistakes(written, target), ...changeMistakes(written, target)].map(describe);
      },
    });
  }

  private checkName(deployment: string): void {
    if (LABEL_1123.test(this.containerName)) return;
    refuse(this, {
      property: 'deployment',
      given: `a Deployment named ${deployment}`,
      allowed: `names that are a DNS label with -nanny behind them, which names the nanny's container: up to ${63 - '-nanny'.length} characters, no dots`,
      mend: 'give the Deployment such a name',
    });
  }
}

function writeVerb(image: string): string {
  const release = addonResizerRelease(imageParts(image).tag);
  return release && isOlder(`v${release}`, `v${PATCHES_DEPLOYMENT}`) ? 'update' : 'patch';
}
