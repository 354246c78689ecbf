import { Fields } from '../../typescript/expression';
import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { asIs, seconds, struct } from '../shape';

const probe = struct({
  path: asIs, initialDelaySeconds: seconds, periodSeconds: seconds, timeoutSeconds: seconds, failureThreshold: asIs, successThreshold: asIs,
});

/** What counts where null removes the chart's default. */
const KUBERNETES_DEFAULTS = {
  httpGet: { path: '/', port: undefined, scheme: 'HTTP' },
  timing: { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3 },
};

export const PROBES: readonly Mapping[] = [probeMapping('livenessProbe', '/livez', 0), probeMapping('readinessProbe', '/readyz', 20)];

function probeMapping(name: 'livenessProbe' | 'readinessProbe', path: string, initialDelaySeconds: number): Mapping {
  const endpoint = { path, port: 'https', scheme: 'HTTPS' };
  const timing = { initialDelaySeconds, periodSeconds: 10, failureThreshold: 3 };
  return {
    values: prefixed(name, { httpGet: endpoint, ...timing }),
    trees: [name],
    properties: [property(name)],
    note: 'By HTTPS on the serving port, always. The defaults are the chart\'s.',
    translate: (values, to) => {
      if (values.at(name) === undefined) return to.leave(name, 'a probe can be changed, not switched off; a JsonPatch on the Deployment can');
      const { httpGet, ...givenTiming } = values.map(name) as Record<string, any>;
      if (httpGet === undefined) return to.leave(`${name}.httpGet`, 'the probe asks by HTTPS on the serving port');
      const { port, scheme, ...givenEndpoint } = { ...KUBERNETES_DEFAULTS.httpGet, ...httpGet };
      for (const [field, given] of Object.entries({ port, scheme })) {
        if (given !== endpoint[field as 'port' | 'scheme']) to.leave(`${name}.httpGet.${field}`, 'the probe asks by HTTPS on the serving port');
      }
      const defaults: Record<string, unknown> = { path, ...timing };
      const all = { ...givenEndpoint, ...KUBERNETES_DEFAULTS.timing, ...givenTiming };
      const changed = Object.entries(all).filter(([field, value]) => !same(value, defaults[field]));
      const fields = withoutUnits(probe(Object.fromEntries(changed), name, to) as Fields);
      if (Object.keys(fields).length > 0) to.set(name, fields);
    },
  };
}

/** `periodSeconds` is `period` here: a Duration has a unit of its own. */
function withoutUnits(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replace(/Seconds$/, ''), value]));
}
