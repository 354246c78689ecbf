import { Cluster } from './cluster';
import { Manifest } from '../golden/compare-manifests';

/** Those that the cluster has, as it has them. */
export async function alive(cluster: Cluster, objects: readonly Manifest[]): Promise<Manifest[]> {
  const found = await Promise.all(objects.map(async ({ apiVersion, kind, metadata }) => {
    const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[1]}.${apiVersion.split('/')[0]}` : '';
    const namespace = metadata.namespace ?? 'default';
    const text = await cluster.kubectl.run('get', `${kind}${group}`, metadata.name, '-n', namespace, '--ignore-not-found', '-o', 'json');
    return text ? JSON.parse(text) as Manifest : undefined;
  }));
  return found.filter((object) => object !== undefined);
}

export function deployment(objects: readonly Manifest[]): Manifest {
  return objects.find(({ kind }) => kind === 'Deployment')!;
}

/** What an apply merges by name: a stranger in it would be left over. */
export function podOf({ template }: any) {
  return {
    containers: template.spec.containers.map(({ name, args, command, volumeMounts }: any) => ({ name, args, command, volumeMounts })),
    volumes: template.spec.volumes.map(({ name }: any) => name),
  };
}
