import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('test', 'fuzz', 'corpus');

/** What is known to be worth a try: recorded answers, and every input that once was too much. */
export function corpusOf(target: string): Buffer[] {
  return readdirSync(join(FOLDER, target)).sort().map((file) => readFileSync(join(FOLDER, target, file)));
}

/** Returns where the input is kept from now on. */
export function keep(target: string, input: Uint8Array): string {
  const file = join(FOLDER, target, `found-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`);
  writeFileSync(file, input);
  return file;
}
