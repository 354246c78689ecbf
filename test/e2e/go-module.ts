import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const MODULES = readFileSync(join(__dirname, 'go-modules'), 'utf8').trim().split('\n');

/** The folder that holds the files of a module of `go-modules`, in Go's module cache. */
export function goModule(path: string): string {
  const module = MODULES.find((line) => line.startsWith(`${path}@`))!;
  return JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' })).Dir;
}
