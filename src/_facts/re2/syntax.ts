import { RuneSet } from './rune-set';

/** What an expression is made of, once groups, flags and escapes are resolved. */
export type Node =
  | { readonly type: 'rune'; readonly set: RuneSet }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | { readonly type: 'group'; readonly index: number; readonly node: Node }
  | { readonly type: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly type: 'choice'; readonly nodes: readonly Node[] }
  | Repeat;

/** `max` is Infinity where there is none. */
export interface Repeat {
  readonly type: 'repeat';
  readonly node: Node;
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
}

export type Assertion = 'begin-text' | 'end-text' | 'begin-line' | 'end-line' | 'word-boundary' | 'no-word-boundary';

/** An expression that Go's regexp package would refuse too, or one of the few that it takes and we do not. */
export class Re2SyntaxError extends Error {
  readonly name = 'Re2SyntaxError';

  /** `offset` counts UTF-16 units from the beginning of the pattern. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}
