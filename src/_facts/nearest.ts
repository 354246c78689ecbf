/** One edit for every so many characters of a name is still taken for a slip of the finger. */
const CHARACTERS_PER_EDIT = 3;

/** The candidate with the fewest slips between it and the given name; none when all are too far. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const allowed = Math.ceil(candidate.length / CHARACTERS_PER_EDIT);
    if (Math.abs(candidate.length - name.length) <= allowed) {
      const edits = editDistance(name, candidate);
      // Of a single letter, another one is not a slip but another flag.
      if (edits <= allowed && edits < candidate.length && edits < fewest) {
        [best, fewest] = [candidate, edits];
      }
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substituted = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      current[column] = Math.min(substituted, previous[column] + 1, current[column - 1] + 1);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        current[column] = Math.min(current[column], beforePrevious[column - 2] + 1);
      }
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[to.length];
}
