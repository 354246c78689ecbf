import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Estimates } from './_nanny-checks';
import { list, record, text, valueAt } from '../rules/_manifest';
import { Mistake, refuse } from '../validation/_validation';

/** What a nanny relies on of its Deployment. */
export interface NannyTarget {
  /** Name of the container that it sizes. */
  readonly container: string;
  readonly estimates: Estimates;
  /** Fields of the Deployment that stand in its arguments, its rights or beside its ConfigMap. */
  readonly fields: readonly TargetField[];
}

/** A field, with what stands there; `usual` stands for what is left out. */
interface TargetField {
  readonly path: string;
  readonly value: string;
  readonly usual?: string;
}

/** A Deployment as it stands, which has a name. */
export function deploymentAsWritten(scope: IConstruct, target: ApiObject): any {
  const manifest = asWritten(scope, target);
  if (text(valueAt(manifest, 'metadata', 'name')) !== undefined) return manifest;
  return refuse(scope, {
    property: 'deployment',
    given: 'a Deployment without metadata.name',
    allowed: 'a Deployment with one, by which the nanny finds it; with generateName nobody knows it at synth',
    mend: 'give the Deployment metadata.name',
  });
}

/** Constructs such as those of cdk8s-plus cannot be written until they are whole. */
function asWritten(scope: IConstruct, target: ApiObject): unknown {
  try {
    return target.toJson();
  } catch (error) {
    return refuse(scope, {
      property: 'deployment',
      given: `one that cannot be written yet: ${(error as Error).message}`,
      allowed: 'a Deployment with the container that is sized',
      mend: 'add that container before the nanny, and whatever else the Deployment has to have',
    });
  }
}

/** Why a nanny cannot size this Deployment, whenever it is looked at. */
export function targetMistakes(deployment: unknown, { container, estimates }: NannyTarget): Mistake[] {
  const podSpec = record(valueAt(deployment, 'spec', 'template', 'spec'));
  return [
    ...replicaMistakes(valueAt(deployment, 'spec', 'replicas')),
    ...podSpec.automountServiceAccountToken !== false ? [] : [{
      property: 'deployment',
      given: 'pods without a ServiceAccount token (automountServiceAccountToken: false)',
      allowed: 'pods with one, for the nanny reads and patches the Deployment',
      mend: 'set automountServiceAccountToken to true on the Deployment',
    }],
    ...list(podSpec.containers).filter((one) => record(one).name === container).flatMap((one) => resourceMistakes(record(one), estimates)),
  ];
}

/** What was changed behind a nanny's back. */
export function changeMistakes(deployment: unknown, { container, fields }: NannyTarget): Mistake[] {
  const changed = fields.map((field) => ({ ...field, now: valueAt(deployment, ...field.path.split('.')) ?? field.usual })).filter(({ value, now }) => now !== value);
  const containers = list(valueAt(deployment, 'spec', 'template', 'spec', 'containers')).map((one) => record(one).name);
  return [
    ...changed.map(({ path, value, now }) => ({
      property: 'deployment',
      given: `one whose ${path} is ${now} since the nanny was added`,
      allowed: `${value}, which the nanny's arguments, rights or ConfigMap were made for`,
      mend: 'change it before the nanny is added',
    })),
    ...containers.includes(container) ? [] : [{
      property: 'container',
      given: `${container}, which the Deployment has lost since the nanny was added`,
      allowed: containers.join(' or '),
      mend: 'leave it there, or set container to another',
    }],
  ];
}

function replicaMistakes(replicas: unknown): Mistake[] {
  return typeof replicas !== 'number' || replicas <= 1 ? [] : [{
    property: 'deployment',
    given: `one with ${replicas} replicas`,
    allowed: 'a Deployment of one replica: each pod would have a nanny, and all of them would restart all pods',
    mend: 'set replicas to 1, or set resources instead of adding a nanny',
  }];
}

function resourceMistakes({ name, resources }: Readonly<Record<string, unknown>>, estimates: Estimates): Mistake[] {
  const { requests, limits } = record(resources);
  const managed = Object.entries(estimates).filter(([, estimate]) => estimate).map(([resource]) => resource);
  const unmanaged = Object.keys({ ...record(requests), ...record(limits) }).filter((resource) => !managed.includes(resource));
  return unmanaged.length === 0 ? [] : [{
    property: unmanaged.join(', '),
    given: `set on container ${String(name)}, not estimated`,
    allowed: `the same resources on both sides, here ${managed.join(', ')}: the nanny would patch the Deployment for ever`,
    mend: 'give the nanny an estimate of it, or remove it from the container\'s resources',
  }];
}
