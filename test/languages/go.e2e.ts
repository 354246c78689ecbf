import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ENVIRONMENT, LanguageExample } from './five-languages';

describe('Go', () => {
  const env = { GOWORK: 'off' };
  let example: LanguageExample;

  beforeAll(() => { example = new LanguageExample('go'); });

  afterAll(() => example?.remove());

  test('the module compiles, on modules of constructs and cdk8s that are built beside it', () => {
    const packages = example.buildPackage({ npmPackages: ['constructs', 'cdk8s'] });
    for (const name of fs.readdirSync(packages)) {
      const directory = path.join(packages, name);
      const [, module] = /^module (\S+)$/m.exec(fs.readFileSync(path.join(directory, 'go.mod'), 'utf8'))!;
      go('mod', 'edit', `-replace=${module}=${directory}`);
    }

    go('mod', 'tidy');
    go('vet', './...');
  });

  test('the example synthesizes the manifest of the TypeScript one', () => {
    expect(example.synth(env)).toBe(example.typescriptManifest());
  });

  function go(...args: string[]): void {
    execFileSync('go', args, { cwd: example.directory, env: { ...ENVIRONMENT, ...env } });
  }
});
