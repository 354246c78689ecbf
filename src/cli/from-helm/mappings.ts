import { Mapping } from './mapping';
import { ACCESS } from './mappings/access';
import { ARGS } from './mappings/args';
import { IMAGE } from './mappings/image';
import { MONITORING } from './mappings/monitoring';
import { NAMES } from './mappings/names';
import { ADDON_RESIZER } from './mappings/nanny';
import { POD } from './mappings/pod';
import { PROBES } from './mappings/probes';
import { RESOURCES } from './mappings/resources';
import { ROLLOUT } from './mappings/rollout';
import { SCHEDULING } from './mappings/scheduling';
import { SECURITY } from './mappings/security';
import { SERVICE } from './mappings/service';
import { API_SERVICE, TLS } from './mappings/tls';
import { VOLUMES } from './mappings/volumes';

/** What every value of the chart becomes, in the order in which the properties are printed. */
export const MAPPINGS: readonly Mapping[] = [
  ...NAMES, ...IMAGE, ...API_SERVICE, ...TLS, ...ARGS, ...POD, ...SECURITY, ...PROBES, ...RESOURCES, ...VOLUMES, ...SCHEDULING, ...ROLLOUT,
  ...SERVICE, ...ADDON_RESIZER, ...MONITORING, ...ACCESS,
];

/** The chart's defaults. */
export function chartDefaults(): Readonly<Record<string, unknown>> {
  const defaults: Record<string, any> = {};
  for (const [path, value] of MAPPINGS.flatMap(({ values }) => Object.entries(values))) {
    const names = path.split('.');
    const last = names.pop()!;
    const parent = names.reduce((tree, name) => tree[name] ??= {}, defaults);
    parent[last] = value;
  }
  return defaults;
}
