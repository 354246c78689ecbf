import { Expression } from '../typescript/expression';

/** A value of the chart that nothing here says the same as. */
export interface Untranslated {
  readonly value: string;
  readonly reason: string;
}

/** What a release becomes: properties of a `MetricsServer`, remarks on them, and what is left. */
export class Translation {
  public readonly properties = new Map<string, Expression>();
  public readonly remarks: { readonly property: string; readonly text: string }[] = [];
  public readonly untranslated: Untranslated[] = [];

  /** Sets a property, unless there is nothing to say. */
  public set(property: string, value: Expression | undefined): void {
    if (value !== undefined) this.properties.set(property, value);
  }

  /** Says what differs from the chart, above a property. */
  public remark(property: string, text: string): void {
    this.remarks.push({ property, text });
  }

  /** Whether anything is said of a value in words. */
  public mentions(value: string): boolean {
    return this.isLeft(value) || this.remarks.some(({ text }) => text.includes(value));
  }

  public isLeft(value: string): boolean {
    return this.untranslated.some((one) => one.value === value);
  }

  public leave(value: string, reason: string): void {
    this.untranslated.push({ value, reason });
  }
}
