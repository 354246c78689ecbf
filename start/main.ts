import { existsSync } from 'node:fs';
import { Failure } from './failure';
import { HELP, Options, parseOptions, UsageError } from './options';
import { detail, say, step } from './progress';
import { startReal } from './real-source';
import { Scope } from './scope';
import { showUsage } from './show-usage';
import { startSimulated } from './simulated-source';
import { synthesizeExamples } from './synthesize';

async function show(options: Options, scope: Scope): Promise<void> {
  step(1, 'Synthesize examples/');
  (await synthesizeExamples()).forEach(detail);
  const source = options.kubeconfig === undefined ? await startSimulated(options, scope) : await startReal(options.kubeconfig, scope);
  await Promise.race([source.runtime.failed, showUsage(source, options.once)]);
}

async function run(options: Options): Promise<number> {
  const scope = new Scope();
  const interrupted = new Promise<number>((resolve) => {
    // Whoever ends the display has seen what they wanted; a table asked for and not shown is a failure.
    const end = () => resolve(options.once ? 1 : 0);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
    // As when the output goes to `head`.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', end);
  });
  try {
    return await Promise.race([interrupted, show(options, scope).then(() => 0)]);
  } finally {
    await scope.close();
  }
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    if (options.kubeconfig !== undefined && !existsSync(options.kubeconfig)) throw new UsageError(`--kubeconfig ${options.kubeconfig}: there is no such file`);
    if (!options.help) return await run(options);
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    const { message } = error as Error;
    say(error instanceof UsageError ? `npm start: ${message}. See npm start -- --help` : `npm start: ${message}`);
    if (error instanceof Failure) error.details.forEach((line) => say(`  ${line}`));
    return error instanceof UsageError ? 2 : 1;
  }
}

// What an interrupted step still waits for is not waited for.
void main().then((code) => process.exit(code));
