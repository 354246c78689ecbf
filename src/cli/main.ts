#!/usr/bin/env node
import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { run, Terminal } from './command';
import { Mistake } from './mistake';

const STANDARD_INPUT = 0;

const terminal: Terminal = {
  read: (file) => orMistake(file, 'read', () => new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file === '-' ? STANDARD_INPUT : file))),
  write: (file, text) => orMistake(file, 'written', () => fs.writeFileSync(file, text)),
  create: (file, text) => orMistake(file, 'written', () => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { flag: 'wx' });
  }),
  runtime: (argv) => spawnSync(process.execPath, [installedAt('assets', 'runtime', 'main', 'index.js'), ...argv], { stdio: 'inherit' }).status ?? 1,
  out: (text) => void process.stdout.write(text),
  error: (line) => void process.stderr.write(`${line}\n`),
};

// eslint-disable-next-line @typescript-eslint/no-require-imports
process.exitCode = run(process.argv.slice(2), terminal, { ...require(installedAt('package.json')), library: require(installedAt('lib')) });

/** A path of the package as it is installed, around this bundle, which no bundler follows. */
function installedAt(...names: string[]): string {
  return path.join(__dirname, '..', '..', ...names);
}

/** A file that cannot be read or written is the user's to mend. */
function orMistake<T>(file: string, done: 'read' | 'written', action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Mistake(`${file} cannot be ${done}: ${reasonOf(error as NodeJS.ErrnoException, done)}`);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, done: 'read' | 'written'): string {
  switch (code) {
    case 'ENOENT': return done === 'read' ? 'there is no such file' : 'there is no such folder';
    case 'EEXIST': return 'there is one already';
    case 'EISDIR': return 'it is a folder';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA': return 'it is no text in UTF-8, which PowerShell writes with -Encoding utf8 only';
    case 'EACCES': return 'permission denied';
    default: return message;
  }
}
