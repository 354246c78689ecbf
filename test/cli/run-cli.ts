import * as fs from 'fs';
import * as library from '../../src';
import { readPackage } from '../../src/_package';
import { run } from '../../src/cli/command';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly errors: readonly string[];
  readonly written: ReadonlyMap<string, string>;
}

/** Runs a command line; files that `files` does not hold are read from disk. */
export function runCli(argv: readonly string[], files: Readonly<Record<string, string>> = {}): CliRun {
  const out: string[] = [];
  const errors: string[] = [];
  const written = new Map<string, string>();
  const code = run(argv, {
    read: (file) => files[file] ?? fs.readFileSync(file, 'utf8'),
    write: (file, text) => written.set(file, text),
    create: (file, text) => written.set(file, text),
    runtime: (args) => {
      out.push(`metrics-server ${args.join(' ')}\n`);
      return 3;
    },
    out: (text) => out.push(text),
    error: (line) => errors.push(line),
  }, { ...readPackage(), library });
  return { code, out: out.join(''), errors, written };
}

/** The program that values become. */
export function programOf(values: string, ...options: string[]): string {
  return runCli(['from-helm', '-', ...options], { '-': values }).out;
}
