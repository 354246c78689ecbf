/** How a label is compared. */
export enum LabelSelectorOperator {
  /** The label has one of the values. */
  IN = 'In',
  /** The label has none of the values, or is absent. */
  NOT_IN = 'NotIn',
  /** The label is there. */
  EXISTS = 'Exists',
  /** The label is absent. */
  DOES_NOT_EXIST = 'DoesNotExist',
}

/** One demand on a label. */
export interface LabelSelectorRequirement {
  /** Key of the label. */
  readonly key: string;
  /** How it is compared. */
  readonly operator: LabelSelectorOperator;
  /**
   * Values to compare with: one or more for `In` and `NotIn`, none for `Exists` and `DoesNotExist`.
   *
   * @default - none
   */
  readonly values?: string[];
}

/** Which objects are meant, by their labels. All demands have to be met; without any, every object is meant. */
export interface LabelSelector {
  /**
   * Labels with their values.
   *
   * @default - none
   */
  readonly matchLabels?: { readonly [key: string]: string };
  /**
   * Further demands on labels.
   *
   * @default - none
   */
  readonly matchExpressions?: LabelSelectorRequirement[];
}
