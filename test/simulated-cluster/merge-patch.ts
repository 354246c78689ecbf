import { isDeepStrictEqual } from 'node:util';
import { KubeObject } from './kube-object';

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** True when the patch changed nothing: the API server then keeps the resourceVersion. */
export function isUnchanged(before: KubeObject, after: KubeObject): boolean {
  const { managedFields, ...metadata } = after.metadata;
  const { managedFields: _, ...metadataBefore } = before.metadata;
  return isDeepStrictEqual({ ...after, metadata }, { ...before, metadata: metadataBefore });
}

/** Notes who wrote the object last; which fields exactly is not kept. */
export function managedBy(object: KubeObject, manager: string | null): KubeObject {
  if (!manager) return object;
  const others = (object.metadata.managedFields ?? []).filter((entry) => entry.manager !== manager);
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, { manager, operation: 'Update' }] } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
