import { IConstruct } from 'constructs';
import { NannyConfiguration } from './nanny-configuration';
import { NannyEstimate, NannyEstimator } from './nanny-options';
import { NannySidecarProps } from './nanny-sidecar';
import { addonResizerRelease, isOtherAddonResizer, nannyFlagSince, READS_RESOURCE_OBJECTS } from '../_facts/addon-resizer';
import { HIDES_STORAGE_OBJECTS, minorOf } from '../_facts/cluster-versions';
import { isOlder } from '../_facts/images';
import { RESTRICTED_POD } from '../_facts/pod';
import { checkClusterVersion } from '../kubernetes/_cluster-version';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef } from '../kubernetes/references';
import { checkFlagsNotTaken, checkFlagSyntax, flagName } from '../pod/_args-checks';
import { checkResources } from '../pod/_pod-checks';
import { containerSecurityContext } from '../pod/_security-context';
import { checkContainerSecurityContext, checkMergedSecurityContext } from '../pod/_security-context-checks';
import { ImagePullPolicy } from '../pod/image';
import { imageParts } from '../rules/_container';
import { fieldsOf, instanceOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { quantityNanos, quantityValue } from '../validation/_quantity';
import {
  Check, checkBoolean, checkDuration, checkImageReference, checkLabelName, checkMemory, checkObjectName, checkQuantity, checkText, refuse,
} from '../validation/_validation';

/** What the nanny manages. */
export interface Estimates {
  readonly cpu?: NannyEstimate;
  readonly memory?: NannyEstimate;
}

const estimateOf = (quantity: Check) => fieldsOf<NannyEstimate>({ base: quantity, perNode: quantity }, {});

const checkProps = fieldsOf<NannySidecarProps>({
  // Which constructs are Deployments is seen when it is looked for.
  deployment: () => undefined,
}, {
  container: checkLabelName,
  clusterVersion: checkClusterVersion,
  image: checkImageReference,
  cpu: estimateOf(checkQuantity),
  memory: estimateOf(checkMemory),
  estimator: instanceOf(NannyEstimator),
  threshold: wholeNumber(0, 100),
  pollPeriod: checkDuration,
  scaleDownDelay: checkDuration,
  scaleUpDelay: checkDuration,
  configuration: instanceOf(NannyConfiguration),
  useMetrics: checkBoolean,
  rbac: checkBoolean,
  resources: checkResources,
  containerSecurityContext: checkContainerSecurityContext,
  imagePullPolicy: memberOf('ImagePullPolicy', ImagePullPolicy),
  extraArgs: listOf(checkText),
});

const checkConfigMap = referenceTo(ConfigMapRef, checkObjectName);

/** Flags that properties write, that say what the nanny is about, or that need rights which it does not get. */
const TAKEN = new Map(Object.entries({
  'config-dir': 'configuration',
  'cpu': 'cpu',
  'extra-cpu': 'cpu',
  'memory': 'memory',
  'extra-memory': 'memory',
  'threshold': 'threshold',
  'namespace': 'deployment',
  'deployment': 'deployment',
  'pod': 'deployment',
  'container': 'container',
  'poll-period': 'pollPeriod',
  'estimator': 'estimator',
  'minClusterSize': 'estimator',
  'scale-down-delay': 'scaleDownDelay',
  'scale-up-delay': 'scaleUpDelay',
  'use-metrics': 'useMetrics',
}));

const NEEDS_MORE_RIGHTS = ['scaling-mode', 'run-on-control-plane', 'kubeconfig', 'nanny-config-map-name', 'leader-election-enable'];

export function checkNanny(scope: IConstruct, props: NannySidecarProps): void {
  checkProps(scope, '', props);
  checkMergedSecurityContext(scope, 'containerSecurityContext', containerSecurityContext(props.containerSecurityContext, RESTRICTED_POD)!);
  const { tag } = imageParts(props.image ?? '');
  if (isOtherAddonResizer(tag)) {
    refuse(scope, {
      property: 'image',
      given: props.image,
      allowed: 'addon-resizer 1.8, which Kubernetes recommends: other lines take other flags and compute otherwise',
      mend: 'use a tag such as 1.8.24, or leave image out',
    });
  }
}

/** A ConfigMap that the nanny can mount. */
export function checkConfiguration(scope: IConstruct, { _parts: parts }: NannyConfiguration, namespace: string): void {
  if (parts.name !== undefined) checkObjectName(scope, 'configuration.name', parts.name);
  if (!('configMap' in parts)) return;
  checkConfigMap(scope, 'configuration.configMap', parts.configMap);
  checkSameNamespace(scope, 'configuration.configMap', parts.configMap, namespace);
}

/** kube-apiserver's metrics are read under a name that it still has. */
export function checkUseMetrics(scope: IConstruct, image: string, useMetrics: boolean, clusterVersion: string | undefined): void {
  const release = addonResizerRelease(imageParts(image).tag);
  if (!useMetrics || !release || !isOlder(`v${release}`, `v${READS_RESOURCE_OBJECTS}`)) return;
  if (clusterVersion === undefined || minorOf(clusterVersion)! < HIDES_STORAGE_OBJECTS) return;
  refuse(scope, {
    property: 'useMetrics',
    given: `true with addon-resizer ${release}, for a cluster of Kubernetes ${clusterVersion}`,
    allowed: `with addon-resizer ${READS_RESOURCE_OBJECTS} or newer from Kubernetes 1.${HIDES_STORAGE_OBJECTS} on, which hides the metric that older ones read`,
    mend: 'use such an image, or leave useMetrics out',
  });
}

/** Arguments that the image's release knows; addon-resizer ends with an error at any other. */
export function checkNannyArgs(scope: IConstruct, image: string, args: readonly string[], extraArgs: readonly string[]): void {
  checkFlagSyntax(scope, 'extraArgs', extraArgs);
  checkFlagsNotTaken(scope, 'extraArgs', extraArgs, TAKEN);
  const release = addonResizerRelease(imageParts(image).tag);
  for (const arg of args) {
    const since = nannyFlagSince(flagName(arg))!;
    if (!release || !isOlder(`v${release}`, `v${since}`)) continue;
    refuse(scope, {
      property: TAKEN.get(flagName(arg))!,
      given: `${arg} with addon-resizer ${release}`,
      allowed: `with addon-resizer ${since} or newer`,
      mend: ['use such an image', ...withoutFlag(flagName(arg))].join(', or '),
    });
  }
  extraArgs.forEach((arg, i) => {
    const flag = flagName(arg);
    const since = nannyFlagSince(flag);
    const known = since !== undefined && (!release || !isOlder(`v${release}`, `v${since}`));
    if (known && !NEEDS_MORE_RIGHTS.includes(flag)) return;
    refuse(scope, {
      property: `extraArgs[${i}]`,
      given: arg,
      allowed: since === undefined
        ? 'flags of addon-resizer 1.8'
        : known ? 'flags that need no rights beside those that the nanny gets' : `with addon-resizer ${since} or newer, not with ${release}`,
      mend: since !== undefined && !known ? `use such an image, or remove --${flag}` : `correct or remove --${flag}`,
    });
  });
}

/** What to do without a flag: defaults write some as well, and what is not managed leaves nothing to do. */
function withoutFlag(flag: string): string[] {
  const property = TAKEN.get(flag)!;
  if (property === 'cpu' || property === 'memory') return [];
  return [property === 'estimator' ? 'set estimator to NannyEstimator.linear()' : `leave ${property} out`];
}

export function checkEstimates(scope: IConstruct, estimates: Estimates, { _minClusterSize: fewest }: NannyEstimator, threshold: number): void {
  if (fewest !== undefined) wholeNumber(2, Number.MAX_SAFE_INTEGER)(scope, 'estimator.minClusterSize', fewest);
  // A linear estimate counts from zero: the nanny may look before it sees a node.
  const fewestNodes = fewest ?? 0;
  for (const [resource, estimate] of Object.entries(estimates)) {
    if (!estimate || quantityValue(estimate.base)! + quantityValue(estimate.perNode)! * fewestNodes > 0) continue;
    refuse(scope, {
      property: resource,
      given: `base ${estimate.base} and ${estimate.perNode} per node, which is 0 for ${fewestNodes} nodes`,
      allowed: 'estimates above 0: addon-resizer divides by them and crashes',
      mend: `raise ${resource}.base, or leave ${resource} out so that the nanny does not manage it`,
    });
  }
  checkThreshold(scope, estimates, threshold);
}

const NANOS_PER_MILLI = 1_000_000n;

function checkThreshold(scope: IConstruct, { cpu }: Estimates, threshold: number): void {
  const isFine = (quantity: string) => quantityNanos(quantity) % NANOS_PER_MILLI !== 0n;
  if (threshold > 0 || !cpu || !(isFine(cpu.base) || isFine(cpu.perNode))) return;
  refuse(scope, {
    property: 'threshold',
    given: `0 with ${cpu.base} and ${cpu.perNode} CPU per node`,
    allowed: '1 or more, or whole millicores: Kubernetes rounds up to them, and the nanny would patch the Deployment for ever',
    mend: 'leave threshold out, or write cpu in whole m',
  });
}
