#!/usr/bin/env node
import * as fs from 'fs';
import * as path from 'path';
import { run, Terminal } from './command';
import { Mistake } from './mistake';

const STANDARD_INPUT = 0;

const terminal: Terminal = {
  read: (file) => orMistake(() => fs.readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8')),
  write: (file, text) => orMistake(() => fs.writeFileSync(file, text)),
  out: (text) => void process.stdout.write(text),
  error: (line) => void process.stderr.write(`${line}\n`),
};

// The library as it is installed, beside this bundle: a path that no bundler follows.
// eslint-disable-next-line @typescript-eslint/no-require-imports
process.exitCode = run(process.argv.slice(2), terminal, require(path.join(__dirname, '..', '..', 'lib')));

/** A file that cannot be read or written is the user's to mend. */
function orMistake<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Mistake((error as Error).message);
  }
}
