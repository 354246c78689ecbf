import { integer, Labels, Requirement } from './requirement';

/** All requirements on one label in one. */
class LabelRule {
  private isRefused = false;
  private allowed: ReadonlySet<string> | undefined;
  private readonly denied = new Set<string>();
  private above: bigint | undefined;
  private below: bigint | undefined;

  add({ operator, values }: Requirement): void {
    switch (operator) {
      case '=':
      case '==':
      case 'in':
        this.allowed = new Set(values.filter((value) => this.allowed?.has(value) ?? true));
        break;
      case '!=':
      case 'notin':
        values.forEach((value) => this.denied.add(value));
        break;
      case 'gt':
        this.above = larger(this.above, integer(values[0])!);
        break;
      case 'lt':
        this.below = smaller(this.below, integer(values[0])!);
        break;
      case '!':
        this.isRefused = true;
        break;
      case 'exists':
    }
  }

  admits(value: string): boolean {
    if (this.isRefused || this.denied.has(value) || this.allowed?.has(value) === false) return false;
    return this.above === undefined && this.below === undefined || this.isBetween(integer(value));
  }

  private isBetween(number: bigint | undefined): boolean {
    return number !== undefined && (this.above === undefined || number > this.above) && (this.below === undefined || number < this.below);
  }
}

/**
 * What the requirements of a selector come to, label by label: whoever asks gives as many of them as fit into a request, and each object of a list is
 * held against them. So that takes a time that grows with the object's labels alone.
 */
export class LabelRules {
  /** Of labels that must be there. An object has no more of them than it has labels. */
  private readonly needed = new Map<string, LabelRule>();
  /** Of labels that are as good as any when they are not. */
  private readonly others = new Map<string, LabelRule>();

  constructor(requirements: readonly Requirement[]) {
    for (const { key } of requirements.filter(isNeeded)) this.needed.set(key, new LabelRule());
    for (const requirement of requirements) this.ruleOf(requirement.key).add(requirement);
  }

  admit(labels: Labels): boolean {
    for (const [key, rule] of this.needed) {
      if (!Object.hasOwn(labels, key) || !rule.admits(labels[key])) return false;
    }
    return this.others.size === 0 || Object.keys(labels).every((key) => this.others.get(key)?.admits(labels[key]) ?? true);
  }

  private ruleOf(key: string): LabelRule {
    const rule = this.needed.get(key) ?? this.others.get(key) ?? new LabelRule();
    if (!this.needed.has(key)) this.others.set(key, rule);
    return rule;
  }
}

/** Absent labels meet `!=`, `notin` and `!`, as in Kubernetes. */
function isNeeded({ operator }: Requirement): boolean {
  return !['!=', 'notin', '!'].includes(operator);
}

function larger(one: bigint | undefined, other: bigint): bigint {
  return one !== undefined && one > other ? one : other;
}

function smaller(one: bigint | undefined, other: bigint): bigint {
  return one !== undefined && one < other ? one : other;
}
