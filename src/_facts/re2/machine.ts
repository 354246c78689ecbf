import { Program, Step } from './program';
import { Assertion } from './syntax';

/** Where groups begin and end, in code points: two slots for each. Never changed, copied when something is added. */
type Slots = readonly (number | undefined)[];

interface Thread {
  readonly step: number;
  readonly slots: Slots;
}

const NEWLINE = 10;

/**
 * Slots of the leftmost match, among those the one that a backtracking search would find first. All ways are followed at once (Pike's
 * machine), one code point at a time: no expression takes longer than its steps times the length of the text.
 */
export function run({ steps, start }: Program, text: readonly number[]): Slots | undefined {
  const isAnchored = beginsText(steps[start]);
  let matched: Slots | undefined;
  let threads: readonly Thread[] = [];
  for (let position = 0; position <= text.length; position++) {
    const next: Thread[] = [];
    const at = matched || (isAnchored && position > 0) ? threads : [...threads, { step: start, slots: [position] }];
    for (const { step: index, slots } of follow(steps, at, text, position)) {
      const step = steps[index];
      if (step.type === 'match') {
        matched = withSlot(slots, 1, position);
        break;
      }
      if (step.type === 'rune' && position < text.length && step.set.has(text[position])) next.push({ step: step.next, slots });
    }
    if ((matched || isAnchored) && next.length === 0) break;
    threads = next;
  }
  return matched;
}

/** Then there is no match that begins later. */
function beginsText(step: Step): boolean {
  return step.type === 'assertion' && step.assertion === 'begin-text';
}

/** From each thread on to the steps that take a code point or end, in order of preference; each step is reached once. */
function follow(steps: readonly Step[], threads: readonly Thread[], text: readonly number[], position: number): readonly Thread[] {
  const reached: Thread[] = [];
  const seen = new Uint8Array(steps.length);
  for (const thread of threads) {
    const pending = [thread];
    for (let current = pending.pop(); current; current = pending.pop()) {
      if (seen[current.step] === 1) continue;
      seen[current.step] = 1;
      const { slots } = current;
      const step = steps[current.step];
      switch (step.type) {
        case 'split':
          pending.push({ step: step.other, slots }, { step: step.preferred, slots });
          break;
        case 'save':
          pending.push({ step: step.next, slots: withSlot(slots, step.slot, position) });
          break;
        case 'assertion':
          if (holds(step.assertion, text, position)) pending.push({ step: step.next, slots });
          break;
        default:
          reached.push(current);
      }
    }
  }
  return reached;
}

function holds(assertion: Assertion, text: readonly number[], position: number): boolean {
  switch (assertion) {
    case 'begin-text':
      return position === 0;
    case 'end-text':
      return position === text.length;
    case 'begin-line':
      return position === 0 || text[position - 1] === NEWLINE;
    case 'end-line':
      return position === text.length || text[position] === NEWLINE;
    case 'word-boundary':
      return isWord(text[position - 1]) !== isWord(text[position]);
    case 'no-word-boundary':
      return isWord(text[position - 1]) === isWord(text[position]);
  }
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint < 0x80 && /\w/.test(String.fromCharCode(codePoint));
}

function withSlot(slots: Slots, slot: number, position: number): Slots {
  const copy = [...slots];
  copy[slot] = position;
  return copy;
}
