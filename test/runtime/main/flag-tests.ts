import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test that starts the program with a flag and observes what the flag does. */
export interface FlagTest {
  /** Below test/runtime/main. */
  readonly file: string;
  /** What is observed. */
  readonly observed: string;
}

/** The flags that a test is for stand at the beginning of its title: `--one, --other: what is observed`. */
const TITLE = /\n *test(?:\.each\(\[(?<each>[^\]]*)\]\))?\((?<title>'[^\n]*'(?:\n? *\+ '[^\n]*')*), (?:async )?\(/g;

/** Of each flag, every such test. */
export function flagTests(): ReadonlyMap<string, readonly FlagTest[]> {
  const tests = new Map<string, FlagTest[]>();
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.ts')).sort()) {
    for (const { groups } of readFileSync(join(__dirname, file), 'utf8').matchAll(TITLE)) {
      const title = groups!.title.slice(1, -1).replace(/'\s*\+ '/g, '');
      if (!/^(?:--|%s)/.test(title)) continue;
      const [subject, ...observed] = title.split(': ');
      for (const [, flag] of `${groups!.each ?? ''} ${subject}`.matchAll(/--([a-z0-9-]+)/g)) {
        tests.set(flag, [...tests.get(flag) ?? [], { file, observed: observed.join(': ') }]);
      }
    }
  }
  return tests;
}
