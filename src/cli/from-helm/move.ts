import { Release } from './chart';
import { ChartObject, ChartPod } from './chart-objects';
import { groupByKey } from '../../_facts/group-by-key';

/** Commands that move a release in a cluster, each with what it is for. */
export interface Move {
  readonly before: readonly Command[];
  readonly after: readonly Command[];
  /** Deletes what Helm has noted of the release. */
  readonly record: Command;
}

export interface Command {
  readonly command: string;
  readonly why: string;
}

/** An object that we synthesize. */
type Manifest = any;

/** What has to go before an apply can go through, and what it leaves over. */
export function moveOf(theirs: readonly ChartObject[], pod: ChartPod, ours: readonly Manifest[], release: Release): Move {
  const counterpart = ({ kind, name, namespace }: ChartObject) => ours.find((object) =>
    object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
  const rebound = theirs.filter((object) => object.role && counterpart(object) && counterpart(object).roleRef.name !== object.role);
  // Our own runtime does this by itself.
  const unverified = theirs.filter((object) => object.isUnverified && counterpart(object)?.metadata.annotations?.['cert-manager.io/inject-ca-from']);
  const leftOver = theirs.filter((object) => !counterpart(object));
  const deployment = ours.find(({ kind }) => kind === 'Deployment');
  return {
    before: [
      ...deletions(rebound).map((command) => ({ command, why: 'a binding\'s role cannot be changed' })),
      ...strangers(pod, deployment).length === 0 ? [] : [{
        command: `kubectl delete deployment ${release.fullname} -n ${release.namespace} --cascade=orphan`,
        why: `an apply would keep ${strangers(pod, deployment).join(', ')} in its pods; those that run go on, and the new Deployment takes them over`,
      }],
    ],
    after: [
      ...unverified.map(({ name }) => ({
        command: `kubectl patch apiservice ${name} --type=merge -p '{"spec":{"insecureSkipTLSVerify":false}}'`,
        why: 'an apply keeps that Helm had it not verified, and kube-apiserver refuses the CA of cert-manager beside that',
      })),
      ...deletions(leftOver).map((command) => ({ command, why: 'left over' })),
    ],
    record: {
      command: `kubectl delete secret -n ${release.recordNamespace} -l owner=helm,name=${release.name}`,
      why: 'Helm\'s record of the release; `helm uninstall` would delete what runs',
    },
  };
}

/** What the chart's pods have and ours do not. */
function strangers({ containers, volumes }: ChartPod, deployment: Manifest): string[] {
  const { spec } = deployment.spec.template;
  const names = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);
  return [
    ...containers.filter((name) => !names(spec.containers).includes(name)).map((name) => `the container ${name}`),
    ...volumes.filter((name) => !names(spec.volumes).includes(name)).map((name) => `the volume ${name}`),
  ];
}

/** One command for each kind and namespace. */
function deletions(objects: readonly ChartObject[]): string[] {
  const groups = groupByKey(objects.map(({ kind, name, namespace }) => [`${kind.toLowerCase()} ${namespace ? `-n ${namespace}` : ''}`, name]));
  return [...groups].map(([key, names]) => {
    const [kind, place] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
    return `kubectl delete ${kind} ${names.join(' ')}${place ? ` ${place}` : ''}`;
  });
}
