import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { keep } from './corpus';
import { TARGETS } from './targets';
import { exploreWatched, obey } from './watched';

const HELP = `npm run fuzz [-- OPTIONS] [NAMES]

  --minutes N, --seconds N   for each (1 minute)
  --seed N                   the same inputs again (a random one, which is printed)

${TARGETS.map(({ name }) => `  ${name}`).join('\n')}
`;

/** As many as a machine has room for beside what else it does. */
const AT_ONCE = 2;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
  if (values.help || unknown.length > 0) {
    process.stdout.write(unknown.length > 0 ? `no fuzzer is called ${unknown.join(', ')}\n\n${HELP}` : HELP);
    process.exitCode = unknown.length > 0 ? 2 : 0;
    return;
  }
  const durationMs = (Number(values.minutes ?? (values.seconds ? 0 : 1)) * 60 + Number(values.seconds ?? 0)) * 1000;
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const waiting = TARGETS.map(({ name }) => name).filter((name) => positionals.length === 0 || positionals.includes(name));
  const next = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { inputs, finding } = await exploreWatched(__filename, name, { seed, durationMs });
      const found = finding ? `${keep(name, finding.input)}: ${finding.problem}` : 'nothing found';
      process.stdout.write(`${name}: ${inputs} inputs in ${durationMs / 1000} s, seed ${seed}: ${found}\n`);
      if (finding) process.exitCode = 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

void (isMainThread ? main() : obey(TARGETS));
