import { IConstruct } from 'constructs';
import { checkResources } from './_pod';
import {
  checkFactory, checkInteger, checkLabelName, checkLabels, checkObjectName, checkPort, checkServiceName, refuse,
} from './_validation';
import { ExtensionApiServerProps } from './extension-api-server';
import { ImagePullPolicy } from './image';
import { ServingCertificate } from './serving-certificate';

type Labels = Readonly<Record<string, string>>;

/** What the properties of an extension API server show at once. */
export function checkExtensionApiServer(scope: IConstruct, props: ExtensionApiServerProps, namespace: string, selectorLabels: Labels): void {
  checkServiceName(scope, 'name', props.name);
  checkLabelName(scope, 'namespace', namespace);
  checkFactory(scope, 'servingCertificate', props.servingCertificate, ServingCertificate);
  checkAllLabels(scope, props, selectorLabels);
  if (props.serviceAccount) checkObjectName(scope, 'serviceAccount.name', props.serviceAccount.name);
  if (props.priorityClassName !== undefined) checkObjectName(scope, 'priorityClassName', props.priorityClassName);
  checkInteger(scope, 'replicas', props.replicas, 1, Number.MAX_SAFE_INTEGER, ', since an APIService without a server breaks discovery');
  checkPort(scope, 'securePort', props.securePort);
  checkResources(scope, 'resources', props.resources);
  checkImage(scope, props);
}

/** The construct writes flags of its own; a second value would win over them, or be appended. */
export function checkArgs(scope: IConstruct, args: readonly string[], own: readonly string[]): void {
  const taken = args.map(flagOf).find((flag) => own.includes(flag));
  if (taken === undefined) return;
  refuse(scope, {
    property: 'args',
    given: taken,
    allowed: 'flags that neither securePort nor servingCertificate writes',
    mend: `remove ${taken} from args and set the property instead`,
  });
}

export function flagOf(arg: string): string {
  return arg.split('=')[0];
}

function checkAllLabels(scope: IConstruct, { labels = {}, nodeSelector }: ExtensionApiServerProps, selectorLabels: Labels): void {
  checkLabels(scope, 'labels', labels);
  checkLabels(scope, 'selectorLabels', selectorLabels);
  checkLabels(scope, 'nodeSelector', nodeSelector);
  if (Object.keys(selectorLabels).length === 0) {
    refuse(scope, { property: 'selectorLabels', given: {}, allowed: 'at least one label', mend: 'leave selectorLabels out, or name a label' });
  }
  const conflict = Object.keys(labels).find((key) => key in selectorLabels && selectorLabels[key] !== labels[key]);
  if (conflict === undefined) return;
  refuse(scope, {
    property: `labels['${conflict}']`,
    given: labels[conflict],
    allowed: `'${selectorLabels[conflict]}', as in selectorLabels`,
    mend: 'give selectorLabels the same value, or rename the label',
  });
}

function checkImage(scope: IConstruct, { image, imagePullPolicy }: ExtensionApiServerProps): void {
  if (typeof image !== 'string' || !/^\S+$/.test(image)) {
    refuse(scope, { property: 'image', given: image, allowed: 'an image reference without spaces', mend: 'set image as in registry.example.com/name:tag' });
  }
  const policies = Object.values(ImagePullPolicy);
  if (imagePullPolicy === undefined || policies.includes(imagePullPolicy)) return;
  refuse(scope, { property: 'imagePullPolicy', given: imagePullPolicy, allowed: policies.join(', '), mend: 'use a member of ImagePullPolicy' });
}
