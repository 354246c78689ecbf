import { Mistake } from '../validation/_validation';

interface Named {
  readonly name?: unknown;
  readonly volumeMounts?: unknown;
  readonly mountPath?: unknown;
  readonly mountPropagation?: unknown;
  readonly securityContext?: unknown;
}

/** What Kubernetes would refuse in a pod as it is written at last, whoever added or patched what. */
export function podSpecMistakes(spec: Readonly<Record<string, unknown>>): Mistake[] {
  const volumes = listAt(spec, 'volumes');
  const containers = [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')];
  return [
    ...twice(volumes.map(({ name }) => name)).map((name) => ({
      property: 'volumes', given: name, allowed: 'each name once', mend: 'rename one of the two volumes, and its mounts',
    })),
    ...twice(containers.map(({ name }) => name)).map((name) => ({
      property: 'containers', given: name, allowed: 'each name once, among initContainers as well', mend: 'rename one of the two containers',
    })),
    ...containers.flatMap((container) => mountMistakes(container, volumes.map(({ name }) => name))),
  ];
}

function mountMistakes(container: Named, volumes: readonly unknown[]): Mistake[] {
  const mounts = listAt(container, 'volumeMounts');
  const property = `volumeMounts of container ${String(container.name)}`;
  return [
    ...twice(mounts.map(({ mountPath }) => mountPath)).map((path) => ({
      property, given: path, allowed: 'each mountPath once', mend: 'remove one of the two mounts, or mount it elsewhere',
    })),
    ...mounts.filter(({ mountPropagation }) => mountPropagation === 'Bidirectional' && !isPrivileged(container)).map(({ mountPath }) => ({
      property,
      given: `${String(mountPath)} with mountPropagation Bidirectional`,
      allowed: 'that of a privileged container only',
      mend: 'choose MountPropagation.HOST_TO_CONTAINER, or make the container privileged',
    })),
    ...mounts.filter(({ name }) => !volumes.includes(name)).map(({ name }) => ({
      property, given: name, allowed: volumes.join(', '), mend: 'add a volume of that name, or correct the name',
    })),
  ];
}

function isPrivileged({ securityContext }: Named): boolean {
  return Object(securityContext).privileged === true;
}

function listAt(object: object, key: string): Named[] {
  const list = (object as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(list) ? list.filter((element) => typeof element === 'object' && element !== null) : [];
}

/** Values that are there more than once. */
function twice(values: readonly unknown[]): unknown[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}
