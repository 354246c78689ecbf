import { Manifest, record, text } from './_manifest';

/**
 * An acknowledgement is an annotation of the object at fault, with the rule's id behind this prefix and the reason as its value: reviewers
 * of the manifests see it, and it works in manifests that no construct wrote.
 */
export const ACKNOWLEDGEMENT_PREFIX = 'acknowledge.cdk8s-metrics-server.dev/';

/** Why an object's owner accepts that it breaks a rule; undefined unless a reason is given. */
export function acknowledgedReason({ metadata }: Manifest, ruleId: string): string | undefined {
  const reason = record(metadata.annotations)[ACKNOWLEDGEMENT_PREFIX + ruleId];
  return text(typeof reason === 'string' ? reason.trim() : undefined);
}
