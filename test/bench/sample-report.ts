import { FIGURES, Figures } from './figures';
import { Report } from './report';

/** Every figure has this value. */
export const everyFigure = (value: number): Figures => Object.fromEntries(FIGURES.map(({ key }) => [key, value]));

/** A run in which every figure of the peer is 100 and of ours 10, but for those that are given by round. */
export function sampleReport(nodes: number, ...rounds: readonly { readonly peer?: Figures; readonly ours?: Figures }[]): Report {
  return {
    date: '2026-11-21T10:00:00.000Z',
    machine: { processor: 'Some CPU', cores: 4, memoryBytes: 16 * 2 ** 30, kernel: '6.12.0', loadAverage: 0.1 },
    versions: { commit: 'abc', node: 'v24.0.0', peer: 'v0.9.0', peerGo: 'go1.26.0', kubernetes: 'v1.34.4' },
    options: { windowSeconds: 30, quick: false },
    size: { nodes, pods: 30, containers: 2 },
    floor: { transportUs: 30, decryptUs: 12, parseUs: 8 },
    rounds: rounds.map(({ peer, ours }) => ({ peer: { ...everyFigure(100), ...peer }, ours: { ...everyFigure(10), ...ours } })),
  };
}
