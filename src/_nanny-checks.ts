import { IConstruct } from 'constructs';
import { fieldsOf, instanceOf, wholeNumber } from './_checks';
import { checkResources } from './_pod-checks';
import { quantityValue } from './_quantity';
import { Check, checkBoolean, checkDuration, checkImageReference, checkLabelName, checkMemory, checkQuantity, refuse } from './_validation';
import { NannyEstimate, NannyEstimator } from './nanny-options';
import { NannySidecarProps } from './nanny-sidecar';

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
  image: checkImageReference,
  cpu: estimateOf(checkQuantity),
  memory: estimateOf(checkMemory),
  estimator: instanceOf(NannyEstimator),
  threshold: wholeNumber(0, 100),
  pollPeriod: checkDuration,
  useMetrics: checkBoolean,
  resources: checkResources,
});

export function checkNanny(scope: IConstruct, props: NannySidecarProps): void {
  checkProps(scope, '', props);
}

export function checkEstimates(scope: IConstruct, estimates: Estimates, { _minClusterSize: fewest }: NannyEstimator): void {
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
}
