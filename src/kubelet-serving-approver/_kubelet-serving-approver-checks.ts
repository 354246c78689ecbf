import { IConstruct } from 'constructs';
import { KubeletServingApproverProps } from './kubelet-serving-approver';
import { referenceTo } from '../kubernetes/_reference-checks';
import { SecretRef } from '../kubernetes/references';
import { checkServerResources } from '../pod/_pod-checks';
import { SCHEDULING_CHECKS } from '../pod/_pod-options-checks';
import { Image, ImagePullPolicy } from '../pod/image';
import { fieldsOf, instanceOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { checkLabelName, checkLabels, checkObjectName, checkServiceName, MAX_INT32, refuse } from '../validation/_validation';

/** What each property shows by itself. */
export const checkKubeletServingApprover = fieldsOf<KubeletServingApproverProps>({}, {
  ...SCHEDULING_CHECKS,
  name: checkServiceName,
  namespace: checkLabelName,
  labels: checkLabels,
  image: instanceOf(Image),
  imagePullPolicy: memberOf('ImagePullPolicy', ImagePullPolicy),
  imagePullSecrets: listOf(referenceTo(SecretRef, checkObjectName)),
  replicas: wholeNumber(0, MAX_INT32),
  resources: checkServerResources,
});

/** The label that selects the pods is the approver's own. */
export function checkOwnLabels(scope: IConstruct, labels: Readonly<Record<string, string>> = {}, own: Readonly<Record<string, string>>): void {
  const key = Object.keys(labels).find((one) => one in own && own[one] !== labels[one]);
  if (key === undefined) return;
  refuse(scope, {
    property: `labels['${key}']`,
    given: labels[key],
    allowed: `'${own[key]}', by which the Deployment selects its pods`,
    mend: 'set name to that, or remove the label',
  });
}
