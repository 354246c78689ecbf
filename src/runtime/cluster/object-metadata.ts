/** Labels of an object. Objects with equal labels share one LabelSet: the pods of a ReplicaSet, for example. */
export interface LabelSet {
  readonly values: Readonly<Record<string, string>>;
  /** The labels as JSON, keys sorted; `undefined` when there are none (the API omits the field then). */
  readonly json: string | undefined;
}

/** What the runtime keeps of a Node or Pod for serving it. */
export interface ObjectMetadata {
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: LabelSet;
}
