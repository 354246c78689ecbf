import { ApiObject, JsonPatch } from 'cdk8s';

/**
 * Patches an object by what it is when it is rendered: constructs such as those of cdk8s-plus fill theirs until then, and JSON Patch knows no
 * condition. Patches that are added later are applied later, as always.
 */
export function patchAtSynth(object: ApiObject, patchesOf: (manifest: any) => readonly JsonPatch[]): void {
  const render = object.toJson.bind(object);
  const later: JsonPatch[] = [];
  object.addJsonPatch = (...patches) => { later.push(...patches); };
  object.toJson = () => {
    const manifest = render();
    return JsonPatch.apply(manifest, ...patchesOf(manifest), ...later);
  };
}
