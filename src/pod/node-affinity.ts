/** How a label or field of a node is compared. */
export enum NodeSelectorOperator {
  /** It has one of the values. */
  IN = 'In',
  /** It has none of the values, or is absent. */
  NOT_IN = 'NotIn',
  /** It is there. */
  EXISTS = 'Exists',
  /** It is absent. */
  DOES_NOT_EXIST = 'DoesNotExist',
  /** It is a whole number above the value. */
  GT = 'Gt',
  /** It is a whole number below the value. */
  LT = 'Lt',
}

/** One demand on a label or field of a node. */
export interface NodeSelectorRequirement {
  /** Key of the label, or the field `metadata.name`. */
  readonly key: string;
  /** How it is compared. Fields take `In` and `NotIn` only. */
  readonly operator: NodeSelectorOperator;
  /**
   * Values to compare with: one or more for `In` and `NotIn`, a whole number as text for `Gt` and `Lt`, none for `Exists` and
   * `DoesNotExist`. For a field exactly one.
   *
   * @default - none
   */
  readonly values?: string[];
}

/** Demands on a node, all of which have to be met. At least one. */
export interface NodeSelectorTerm {
  /**
   * Demands on the node's labels.
   *
   * @default - none
   */
  readonly matchExpressions?: NodeSelectorRequirement[];
  /**
   * Demands on the node's fields. There is one: `metadata.name`.
   *
   * @default - none
   */
  readonly matchFields?: NodeSelectorRequirement[];
}

/** Which nodes are meant. */
export interface NodeSelector {
  /** Terms of which at least one has to be met. One or more. */
  readonly nodeSelectorTerms: NodeSelectorTerm[];
}

/** Nodes that are preferred, and how much. */
export interface PreferredSchedulingTerm {
  /** Which nodes. */
  readonly preference: NodeSelectorTerm;
  /** Weight against other preferences, from 1 to 100. */
  readonly weight: number;
}

/** Nodes that the pods may or should run on. */
export interface NodeAffinity {
  /**
   * Nodes that the pods may run on, beside `nodeSelector`.
   *
   * @default - all
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  /**
   * Nodes that are preferred.
   *
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}
