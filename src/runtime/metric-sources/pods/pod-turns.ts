import { RunningPod } from './running-pods';

interface Turn {
  readonly askedMs: number;
  readonly failed: boolean;
}

/** Who is asked before whom, since a round may be over before everybody was. */
export class PodTurns {
  /** The last one of each pod, by its UID. */
  private turns = new Map<string, Turn>();

  /** Those that failed last, and of the others the one first whose turn is longest ago. Pods that are not among them are forgotten. */
  order(pods: readonly RunningPod[]): readonly RunningPod[] {
    const turns = pods.map((pod) => ({ pod, ...this.turns.get(pod.uid) ?? { askedMs: 0, failed: false } }));
    this.turns = new Map(turns.map(({ pod: { uid }, askedMs, failed }) => [uid, { askedMs, failed }]));
    return turns.sort((a, b) => Number(a.failed) - Number(b.failed) || a.askedMs - b.askedMs).map(({ pod }) => pod);
  }

  /** It was asked. */
  note({ uid }: RunningPod, turn: Turn): void {
    this.turns.set(uid, turn);
  }
}
