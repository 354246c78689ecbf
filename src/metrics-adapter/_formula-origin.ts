import { Origin, OriginPlace } from './_origin';
import { FormulaSyntaxError, parseFormula } from '../_facts/formula';
import { LabelSet } from '../promql/_label-set';
import { checkText, refuse } from '../validation/_validation';

export class FormulaOrigin implements Origin {
  constructor(private readonly text: string) {}

  public get references(): readonly string[] {
    return parseFormula(this.text).references.map(({ selector }) => selector.name);
  }

  public check({ scope, name, declared }: OriginPlace, property: string): void {
    const path = `${property}.expression`;
    checkText(scope, path, this.text);
    try {
      parseFormula(this.text);
    } catch (error) {
      if (!(error instanceof FormulaSyntaxError)) throw error;
      refuse(scope, { property: path, given: this.text, allowed: `a formula; at character ${error.offset + 1} ${error.message}`, mend: 'write it as in max(1, queue_depth / 50)' });
    }
    const once = declared.filter((one) => one !== name && declared.indexOf(one) === declared.lastIndexOf(one));
    const missing = this.references.find((reference) => !once.includes(reference));
    if (missing === undefined) return;
    refuse(scope, {
      property: path,
      given: missing,
      allowed: `metrics that are declared before this one, by a name that no other has: ${[...new Set(once)].join(', ') || 'there are none'}`,
      mend: `declare ${missing} above, or rename what has the same name`,
    });
  }

  /** What a metric gives is summed up by what identifies a value. */
  public labels(identifying: readonly string[]): LabelSet {
    return LabelSet.only(identifying);
  }

  public configuration(): object {
    return { formula: this.text };
  }
}
