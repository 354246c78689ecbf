import { Release } from './chart';
import { GitOpsTool } from './git-ops-tool';
import { Command, Move } from './move';
import { commentLines } from '../typescript/comment';

export interface Moving {
  readonly move: Move;
  readonly release: Release;
  readonly gitOps?: GitOpsTool;
  /** Address of the guide that says more. */
  readonly guide: string;
}

/** How the release is moved in a cluster, as comments. */
export function moving({ move, release, gitOps, guide }: Moving): string[] {
  const under = { 'argo-cd': underArgoCd, 'flux': underFlux, 'kubectl': byKubectl }[gitOps ?? 'kubectl'];
  return [...commentLines(`Moving the release in a cluster (${guide} says more):`, 0), ...under(move, release)];
}

function byKubectl({ before, after, record }: Move): string[] {
  return [
    ...step('before the first apply', before),
    '// apply, by either of',
    '//   kubectl apply -f dist/',
    '//   kubectl apply --server-side --force-conflicts -f dist/',
    ...ending(after, record),
  ];
}

/** Argo CD renders the chart without Helm's record, and prunes what is left over. */
function underArgoCd({ before, after }: Move): string[] {
  const pruned = after.length > 0 ? '; it prunes what is left over' : '';
  return [
    ...commentLines('switch automated sync off, and sync with PruneLast=true until the release has moved', 0),
    ...step('before the first sync', before),
    ...commentLines(`let the same Application read what this program synthesizes instead of the chart, and sync${pruned}`, 0),
  ];
}

/** A HelmRelease that is deleted while it is suspended uninstalls nothing. */
function underFlux({ before, after, record }: Move, { name }: Release): string[] {
  return [
    '// before the HelmRelease is deleted, and before the first apply',
    `//   flux suspend helmrelease ${name} -n <namespace of the HelmRelease>`,
    ...commands(before),
    ...commentLines('commit: delete the HelmRelease, add a Kustomization for this chart and one that depends on it for its APIServices', 0),
    ...ending(after, record),
  ];
}

function ending(after: readonly Command[], record: Command): string[] {
  return [...step('when the new pods are ready', after), ...step('some days later, when nobody wants to go back by `helm rollback`', [record])];
}

function step(when: string, list: readonly Command[]): string[] {
  return list.length > 0 ? [`// ${when}`, ...commands(list)] : [];
}

function commands(list: readonly Command[]): string[] {
  return list.flatMap(({ command, why }, i) => [
    ...why === list[i - 1]?.why ? [] : commentLines(`${why}:`, 0, '//   # '),
    `//   ${command}`,
  ]);
}
