import { RuneSet } from './rune-set';
import { Assertion, Node, Re2SyntaxError, Repeat } from './syntax';

/** One step of a program. `next` and its like are indexes of steps. */
export type Step =
  | { readonly type: 'rune'; readonly set: RuneSet; readonly next: number }
  | { readonly type: 'assertion'; readonly assertion: Assertion; readonly next: number }
  | { readonly type: 'save'; readonly slot: number; readonly next: number }
  | { readonly type: 'split'; readonly preferred: number; readonly other: number }
  | { readonly type: 'match' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** What matching costs is the product of this and the length of the text. */
const MAX_STEPS = 10_000;

/** @throws Re2SyntaxError for an expression whose repetitions make it too large */
export function compile(node: Node): Program {
  const compiler = new Compiler();
  const start = compiler.compile(node, compiler.add({ type: 'match' }));
  return { steps: compiler.steps, start };
}

/** Steps are made from the end to the beginning, so that each knows what follows it. */
class Compiler {
  readonly steps: Step[] = [];

  add(step: Step): number {
    if (this.steps.length === MAX_STEPS) throw new Re2SyntaxError(`the expression needs more than ${MAX_STEPS} steps; repeat less`, 0);
    return this.steps.push(step) - 1;
  }

  compile(node: Node, next: number): number {
    switch (node.type) {
      case 'rune':
        return this.add({ type: 'rune', set: node.set, next });
      case 'assertion':
        return this.add({ type: 'assertion', assertion: node.assertion, next });
      case 'group':
        return this.add({ type: 'save', slot: 2 * node.index, next: this.compile(node.node, this.add({ type: 'save', slot: 2 * node.index + 1, next })) });
      case 'sequence':
        return node.nodes.reduceRight((following, child) => this.compile(child, following), next);
      case 'choice':
        return node.nodes.map((child) => this.compile(child, next)).reduceRight((other, preferred) => this.split(preferred, other, true));
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  private repeat({ node, min, max, greedy }: Repeat, next: number): number {
    let start = next;
    if (max === Infinity) {
      start = min === 0 ? this.star(node, greedy, next) : this.plus(node, greedy, next);
      return this.copies(node, min - 1, start);
    }
    for (let optional = min; optional < max; optional++) start = this.split(this.compile(node, start), next, greedy);
    return this.copies(node, min, start);
  }

  private copies(node: Node, times: number, next: number): number {
    let start = next;
    for (let copy = 0; copy < times; copy++) start = this.compile(node, start);
    return start;
  }

  /** What can match nothing is `(x+)?`: the order of preference is then that of Go. */
  private star(node: Node, greedy: boolean, next: number): number {
    if (isNullable(node)) return this.split(this.plus(node, greedy, next), next, greedy);
    const loop = this.loop();
    this.close(loop, this.compile(node, loop), next, greedy);
    return loop;
  }

  private plus(node: Node, greedy: boolean, next: number): number {
    const loop = this.loop();
    const body = this.compile(node, loop);
    this.close(loop, body, next, greedy);
    return body;
  }

  private split(body: number, next: number, greedy: boolean): number {
    const loop = this.loop();
    this.close(loop, body, next, greedy);
    return loop;
  }

  private loop(): number {
    return this.add({ type: 'split', preferred: 0, other: 0 });
  }

  private close(loop: number, body: number, next: number, greedy: boolean): void {
    this.steps[loop] = { type: 'split', preferred: greedy ? body : next, other: greedy ? next : body };
  }
}

function isNullable(node: Node): boolean {
  switch (node.type) {
    case 'rune':
      return false;
    case 'assertion':
      return true;
    case 'group':
      return isNullable(node.node);
    case 'sequence':
      return node.nodes.every(isNullable);
    case 'choice':
      return node.nodes.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.node);
  }
}
