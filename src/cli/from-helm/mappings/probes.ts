import { Expression, Fields } from '../../typescript/expression';
import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { asIs, seconds, struct } from '../shape';

const probe = struct({
  path: asIs, initialDelaySeconds: seconds, periodSeconds: seconds, timeoutSeconds: seconds, failureThreshold: asIs, successThreshold: asIs,
});

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
      const { httpGet, ...givenTiming } = values.map(name) as Record<string, any>;
      const { port, scheme, ...givenEndpoint } = { ...endpoint, ...httpGet };
      for (const [field, given] of Object.entries({ port, scheme })) {
        if (given !== endpoint[field as 'port' | 'scheme']) to.leave(`${name}.httpGet.${field}`, 'the probe asks by HTTPS on the serving port');
      }
      const defaults: Record<string, unknown> = { path, ...timing };
      const changed = Object.entries({ ...givenEndpoint, ...givenTiming }).filter(([field, value]) => !same(value, defaults[field]));
      if (changed.length > 0) to.set(name, withoutUnits(probe(Object.fromEntries(changed), name, to) as Fields));
    },
  };
}

/** `periodSeconds` is `period` here: a Duration has a unit of its own. */
function withoutUnits(fields: Fields): Expression {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replace(/Seconds$/, ''), value]));
}
