import { failure } from './failure';
import { Scheme, shareOf } from './shares';

const SIZES = [5_000, 20_000, 100_000];
const REPLICAS = [2, 4, 8];
const SCHEMES: readonly Scheme[] = ['copied', 'asked'];

/** What the busiest replica needs, as Markdown. */
export function sharesTable(): string {
  const rows = SIZES.flatMap((nodes) => [
    row(nodes, 'one process', 1, shareOf('copied', nodes, 1)),
    ...SCHEMES.flatMap((scheme) => REPLICAS.map((replicas) => row(nodes, scheme, replicas, shareOf(scheme, nodes, replicas)))),
  ]);
  return [
    '| nodes | scheme | replicas | CPU, cores | memory | from kubelets | from peers | between peers, one list of all pods |',
    '|---|---|---|---|---|---|---|---|', ...rows,
  ].join('\n');
}

function row(nodes: number, scheme: string, replicas: number, share: ReturnType<typeof shareOf>): string {
  const cells = [
    nodes.toLocaleString('en'), scheme, replicas, share.cpuCores.toFixed(2), `${(share.memoryBytes / 1e9).toFixed(1)} GB`,
    `${(share.fromKubeletsBytesPerSecond / 1e6).toFixed(0)} MB/s`, `${(share.fromPeersBytesPerSecond / 1e6).toFixed(1)} MB/s`,
    `${(share.listBytes / 1e6).toFixed(0)} MB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** At the worst moments: a Lease that was just renewed. */
export function failuresTable(): string {
  const rows = [20_000, 100_000].flatMap((nodes) => SCHEMES.flatMap((scheme) => [2, 4].map((replicas) => {
    const cases = [0, 5, 10].map((atSecond) => failure(scheme, nodes, replicas, atSecond, 0));
    const worst = (pick: (one: ReturnType<typeof failure>) => number) => Math.max(...cases.map(pick));
    const cells = [
      nodes.toLocaleString('en'), scheme, replicas, cases[0].movedNodes.toLocaleString('en'),
      `${worst(({ handshakeSeconds }) => handshakeSeconds).toFixed(0)} s`,
      `${(100 * worst(({ worstWithout }) => worstWithout)).toFixed(0)} %`, `${worst(({ restoredSeconds }) => restoredSeconds).toFixed(0)} s`,
    ];
    return `| ${cells.join(' | ')} |`;
  })));
  return [
    '| nodes | scheme | replicas before | nodes that move | CPU of taking them over, each | nodes without figures, at worst | all have figures again after |',
    '|---|---|---|---|---|---|---|', ...rows,
  ].join('\n');
}

