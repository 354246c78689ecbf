import { execFileSync } from 'child_process';
import { join } from 'path';

/** What a program of the folder `go` makes of each question. */
export function goAnswers(program: string, questions: readonly unknown[]): readonly unknown[] {
  const output = execFileSync(join(process.env.GO_PROGRAMS!, program), {
    input: questions.map((question) => JSON.stringify(question)).join('\n'), maxBuffer: 2 ** 28, encoding: 'utf8',
  });
  return output.trim().split('\n').map((line) => JSON.parse(line));
}
