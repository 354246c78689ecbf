import { ApiObject } from 'cdk8s';
import { CONFIGURATION_KEY } from './_metrics-adapter-args';
import { describe } from '../validation/_validation';

/** Of the values of a ConfigMap together, by Kubernetes' `MaxSecretSize`. */
const MAX_CONFIG_MAP_BYTES = 1024 * 1024;
/** Of an object's annotations together, by apimachinery's `TotalAnnotationSizeLimitB`. */
const MAX_ANNOTATIONS_BYTES = 256 * 1024;
/** Where client-side apply keeps the whole object once more. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** By which Argo CD applies an object server-side, and others say that they do. */
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const SERVER_SIDE_APPLY = 'ServerSideApply=true';

/** Says at synth what kube-apiserver would refuse. */
export function refuseTooLarge(configMap: ApiObject): void {
  configMap.node.addValidation({ validate: () => mistakes(configMap.toJson()) });
}

function mistakes(object: any): string[] {
  const { annotations = {} } = object.metadata;
  const bytes = Buffer.byteLength(String(object.data?.[CONFIGURATION_KEY]));
  const property = 'configMap';
  if (bytes > MAX_CONFIG_MAP_BYTES) {
    return [describe({
      property, given: `${bytes} bytes`, allowed: `up to ${MAX_CONFIG_MAP_BYTES} bytes in a ConfigMap`, mend: 'declare one metric with a label in place of many that are alike',
    })];
  }
  const annotationsBytes = Buffer.byteLength(LAST_APPLIED + asKubectlKeepsIt(object) + Object.entries(annotations).flat().join(''));
  if (annotationsBytes <= MAX_ANNOTATIONS_BYTES || String(annotations[SYNC_OPTIONS]).split(',').includes(SERVER_SIDE_APPLY)) return [];
  return [describe({
    property,
    given: `${bytes} bytes`,
    allowed: `up to ${MAX_ANNOTATIONS_BYTES} bytes where kubectl and Argo CD keep the object once more, in its annotation ${LAST_APPLIED}`,
    mend: 'declare one metric with a label in place of many that are alike; or apply it server-side, as Flux does, and say so by '
      + `configMap.metadata.addAnnotation('${SYNC_OPTIONS}', '${SERVER_SIDE_APPLY}')`,
  })];
}

/** As Go writes JSON: what HTML could take for its own is escaped. */
function asKubectlKeepsIt(object: object): string {
  return `${JSON.stringify(object).replace(/[<>&]/g, '\\u00xx')}\n`;
}
