import { IConstruct } from 'constructs';
import { MountPropagation, VolumeMount, VolumeMountOptions } from './volume-mount';
import { EmptyDirMedium, EmptyDirOptions, FilesVolumeOptions, HostPathType } from './volume-options';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ConfigMapRef, IConfigMapRef, ISecretRef, SecretRef } from '../kubernetes/references';
import { allOf, fieldsOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { checkTree } from '../validation/_tree-check';
import {
  Check, checkBoolean, checkDataKey, checkLabelName, checkMemory, checkObjectName, checkText, isRecord, refuse,
} from '../validation/_validation';

/** Static methods of `Volume`; `source` is `fromSource`. */
export type VolumeKind = keyof typeof CHECKS;

const goesUp = (path: string) => path.split('/').includes('..');

/** A path on a node: the kubelet refuses one that goes up. */
const checkNodePath: Check = (scope, property, path) => {
  if (typeof path === 'string' && path.startsWith('/') && !goesUp(path)) return;
  refuse(scope, { property, given: path, allowed: 'an absolute path without ..', mend: `write ${property} as in '/etc/kubernetes/pki'` });
};

/** A path in a volume. */
const checkRelativePath: Check = (scope, property, path) => {
  if (typeof path === 'string' && path !== '' && !path.startsWith('/') && !goesUp(path)) return;
  refuse(scope, { property, given: path, allowed: 'a relative path without ..', mend: `write ${property} as in 'conf/settings.yaml'` });
};

const checkMountPath: Check = (scope, property, path) => {
  if (typeof path === 'string' && path.startsWith('/') && !path.includes(':')) return;
  refuse(scope, { property, given: path, allowed: 'an absolute path without :', mend: `write ${property} as in '/settings'` });
};

const checkItems: Check = (scope, property, items) => {
  if (!isRecord(items)) {
    refuse(scope, { property, given: items, allowed: 'keys of the object\'s data, each with a path', mend: `write ${property} as in { 'ca.crt': 'ca.pem' }` });
  }
  for (const [key, path] of Object.entries(items)) {
    checkDataKey(scope, `${property}['${key}']`, key);
    checkRelativePath(scope, `${property}['${key}']`, path);
  }
};

const checkSource: Check = (scope, property, source) => {
  checkTree(scope, property, source);
  if (isRecord(source) && Object.keys(source).length === 1 && isRecord(Object.values(source)[0])) return;
  refuse(scope, {
    property,
    given: source,
    allowed: 'an object with one kind of source, which is an object itself',
    mend: `write ${property} as in { csi: { driver: 'example.com' } }`,
  });
};

const name = checkLabelName;
const checkFiles = fieldsOf<FilesVolumeOptions>({}, { items: checkItems, defaultMode: wholeNumber(0, 0o777, ', octal 777'), optional: checkBoolean });
const checkEmptyDir = fieldsOf<EmptyDirOptions>({}, { medium: memberOf('EmptyDirMedium', EmptyDirMedium), sizeLimit: checkMemory });

const CHECKS = {
  configMap: fieldsOf<{ name: string; configMap: IConfigMapRef; options?: FilesVolumeOptions }>(
    { name, configMap: referenceTo(ConfigMapRef, checkObjectName) }, { options: checkFiles },
  ),
  secret: fieldsOf<{ name: string; secret: ISecretRef; options?: FilesVolumeOptions }>(
    { name, secret: referenceTo(SecretRef, checkObjectName) }, { options: checkFiles },
  ),
  emptyDir: fieldsOf<{ name: string; options?: EmptyDirOptions }>({ name }, { options: checkEmptyDir }),
  hostPath: fieldsOf<{ name: string; path: string; type?: HostPathType }>(
    { name, path: checkNodePath }, { type: memberOf('HostPathType', HostPathType) },
  ),
  persistentVolumeClaim: fieldsOf<{ name: string; claimName: string; readOnly?: boolean }>(
    { name, claimName: checkObjectName }, { readOnly: checkBoolean },
  ),
  source: fieldsOf<{ name: string; source: object }>({ name, source: checkSource }, {}),
};

/** What a volume was given. */
export function checkVolume(
  scope: IConstruct, property: string, kind: VolumeKind, given: Readonly<Record<string, unknown>>, namespace: string,
): void {
  CHECKS[kind](scope, property, given);
  if (kind === 'configMap' || kind === 'secret') checkSameNamespace(scope, `${property}.${kind}`, given[kind], namespace);
}

const MOUNT_CHECKS = {
  readOnly: checkBoolean,
  subPath: checkRelativePath,
  subPathExpr: checkRelativePath,
  mountPropagation: memberOf('MountPropagation', MountPropagation),
};

const checkSubPaths: Check = (scope, property, value) => {
  const { subPath, subPathExpr } = value as VolumeMountOptions;
  if (subPath === undefined || subPathExpr === undefined) return;
  refuse(scope, { property: `${property}.subPathExpr`, given: subPathExpr, allowed: 'none beside subPath', mend: 'remove one of the two' });
};

export const checkAddedMounts = listOf(allOf(fieldsOf<VolumeMountOptions>({ mountPath: checkMountPath }, MOUNT_CHECKS), checkSubPaths));
export const checkMount = allOf(fieldsOf<VolumeMount>({ name: checkText, mountPath: checkMountPath }, MOUNT_CHECKS), checkSubPaths);
