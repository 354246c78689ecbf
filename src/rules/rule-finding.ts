/** What follows from what a rule finds. */
export enum RuleLevel {
  /** It cannot work: Kubernetes refuses it, or the server does not start or answer. */
  ERROR = 'error',
  /** It works, and gives away credentials, figures or rights. */
  INSECURE = 'insecure',
  /** It works, and is unwise. */
  WARNING = 'warning',
}

/** What a rule finds wrong with an object. */
export interface RuleFinding {
  /** Id of the rule, such as `single-replica`. */
  readonly ruleId: string;
  /** What follows from it. */
  readonly level: RuleLevel;
  /** Kind, namespace and name of the object, such as `Deployment kube-system/metrics-server`. */
  readonly object: string;
  /**
   * Path of the construct that synthesizes the object.
   */
  readonly constructPath: string;
  /** Place within the object, such as `spec.replicas`. */
  readonly path: string;
  /** What stands there, as JSON. */
  readonly given: string;
  /** What is wrong, why, and how to mend it, in one line. */
  readonly message: string;
}
