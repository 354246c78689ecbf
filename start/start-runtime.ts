import { detail, step } from './progress';
import { bundleRuntime, RUNTIME_BUNDLE } from './runtime-bundle';
import { RuntimeProcess } from './runtime-process';
import { Scope } from './scope';

/** Starts the runtime with a Deployment's args and, after them, the overrides: the last value of a flag holds. */
export async function startRuntime(args: readonly string[], overrides: readonly string[], origin: string, scope: Scope): Promise<RuntimeProcess> {
  step(3, `Start the runtime: node ${RUNTIME_BUNDLE}`);
  await bundleRuntime();
  detail(`args of ${origin}:`);
  args.forEach((arg) => detail(`  ${arg}`));
  detail('overridden here:');
  overrides.forEach((arg) => detail(`  ${arg}`));
  const runtime = new RuntimeProcess([...args, ...overrides], scope);
  detail(`process ${runtime.pid}`);
  return runtime;
}
