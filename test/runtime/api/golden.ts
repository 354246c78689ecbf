import { readFileSync } from 'fs';
import { join } from 'path';

const directory = join(__dirname, '../../golden/metrics-server-v0.9.0');

/** What metrics-server v0.9.0 answered. */
export function goldenText(name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

export function goldenJson(name: string): any {
  return JSON.parse(goldenText(name));
}

export interface Vector {
  readonly kind: string;
  readonly input: string;
  readonly expected: string;
}

/** Quantities and durations as Go prints them. */
export function vectors(): Vector[] {
  return goldenText('quantity-duration-vectors.tsv').trimEnd().split('\n').slice(1).map(line => {
    const [kind, input, expected] = line.split('\t');
    return { kind, input, expected };
  });
}

export function vectorsOf(kind: string): [input: string, expected: string][] {
  return vectors().filter(vector => vector.kind === kind).map(({ input, expected }) => [input, expected]);
}
