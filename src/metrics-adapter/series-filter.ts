import { IConstruct } from 'constructs';
import { checkExpression } from './_expression-check';

/** A condition on the names of series, by a regular expression of RE2, which may match anywhere in a name. */
export class SeriesFilter {
  /**
   * Names that match.
   *
   * @param expression Regular expression, such as `^http_.*_total$`
   */
  public static matching(expression: string): SeriesFilter {
    return new SeriesFilter('is', expression);
  }

  /**
   * Names that do not match.
   *
   * @param expression Regular expression, such as `_bucket$`
   */
  public static notMatching(expression: string): SeriesFilter {
    return new SeriesFilter('isNot', expression);
  }

  private constructor(private readonly operator: 'is' | 'isNot', private readonly expression: string) {}

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    return { [this.operator]: this.expression };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string): void {
    checkExpression(scope, `${property}.expression`, this.expression);
  }
}
