/** Builds the companion image: `npm run image -- --help`. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmSecrets } from './npm-secrets.mjs';
import { TOOLS, unusable } from './tools.mjs';

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const names = Object.keys(TOOLS);

const help = `Builds the companion image for linux/amd64 and linux/arm64, as one index where the tool keeps one.

  npm run image -- [options] [-- arguments for the tool's build]

  --tool NAME      ${names.join(', ')}; the first that works if absent
  --tag REFERENCE  name of the image (${manifest.companionImage}:${manifest.version})
  --platform LIST  platforms, separated by commas (linux/amd64,linux/arm64)
  --push           push the image to its registry
  --help           print this

The build reaches the npm registry as npm on this machine does: its npmrc and CA certificates go in as build secrets.
SOURCE_DATE_EPOCH, in seconds, dates the image (0): the same source gives the same digest.`;

try {
  main(optionsOf(process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 2;
}

function optionsOf(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      tool: { type: 'string' },
      tag: { type: 'string', default: `${manifest.companionImage}:${manifest.version}` },
      platform: { type: 'string', default: 'linux/amd64,linux/arm64' },
      push: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.tool && !names.includes(values.tool)) throw new Error(`--tool is ${values.tool}; it can be ${names.join(', ')}`);
  return { ...values, extra: positionals };
}

function main({ tool: wanted, tag: reference, platform, push, help: wantsHelp, extra }) {
  if (wantsHelp) return console.log(help);
  const tool = toolFor(wanted ? [wanted] : names);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
  try {
    const epoch = process.env.SOURCE_DATE_EPOCH ?? '0';
    const build = { reference, platforms: platform.split(','), labels: labels(), secrets: npmSecrets(folder), push, epoch, extra };
    TOOLS[tool].commands(build).forEach(run);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  console.log(`built ${reference} with ${tool}${push ? ' and pushed it' : ''}`);
}

function toolFor(candidates) {
  const reasons = [];
  for (const tool of candidates) {
    const reason = unusable(tool);
    if (!reason) return tool;
    reasons.push(`${tool}: ${reason}`);
  }
  throw new Error(`No tool to build the image with; install docker (with buildx), podman or buildah (${reasons.join('; ')})`);
}

function labels() {
  const annotations = {
    title: 'metrics-server',
    description: 'Resource metrics of nodes and pods for kubectl top and autoscalers: a drop-in for metrics-server',
    version: manifest.version,
    licenses: manifest.license,
    source: manifest.repository.url.replace(/\.git$/, ''),
  };
  return Object.entries(annotations).flatMap(([name, value]) => ['--label', `org.opencontainers.image.${name}=${value}`]);
}

function run([command, ...args]) {
  console.log(`$ ${[command, ...args].map((arg) => (/^[\w./:=@,-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`);
  const { error, status, signal } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw Object.assign(new Error(`${command} ${args[0]} ended with ${signal ?? status}`), { exitCode: 1 });
}
