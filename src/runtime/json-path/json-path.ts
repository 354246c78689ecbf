import { parseJsonPath, Step } from '../../_facts/json-path';

export { JsonPathSyntaxError } from '../../_facts/json-path';

/** A document of ours or of strangers must not grow without bounds by `[*][*]`. */
const MAX_VALUES = 10_000;

/** Finds values in JSON as kubectl does with `-o jsonpath='{.status.replicas}'`, of which it knows what a value needs. */
export class JsonPath {
  private readonly steps: readonly Step[];

  /** @throws JsonPathSyntaxError */
  constructor(readonly text: string) {
    this.steps = parseJsonPath(text);
  }

  /** None where something on the way is missing. @throws Error for more than 10,000 */
  find(document: unknown): readonly unknown[] {
    return found(this.steps, document);
  }
}

function found(steps: readonly Step[], document: unknown): readonly unknown[] {
  let values: readonly unknown[] = [document];
  for (const step of steps) {
    values = values.flatMap((value) => next(step, value));
    if (values.length > MAX_VALUES) throw new Error(`it has more than ${MAX_VALUES} values for the path`);
  }
  return values;
}

function next(step: Step, value: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index': {
      const index = Array.isArray(value) && step.index < 0 ? value.length + step.index : step.index;
      return Array.isArray(value) && index >= 0 && index < value.length ? [value[index]] : [];
    }
    case 'all':
      return membersOf(value);
    case 'filter':
      return membersOf(value).filter((member) => {
        const matches = found(step.steps, member).some((one) => one === step.literal);
        return matches === step.equal;
      });
  }
}

function membersOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
