import { execFileSync, execSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { parse } from 'yaml';
import { version } from '../../package.json';
import { PackedPackage } from '../packed-package';

const EXAMPLE = path.join(__dirname, '..', '..', 'examples', 'five-languages');

/** What programs run with; jsii prints a banner for each on a Node that it no longer, or not yet, supports. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
};

/** The example in one language, copied to where it can be built, and this tree's package for that language. */
export class LanguageExample {
  public readonly directory: string;

  private readonly package = new PackedPackage(version);

  constructor(private readonly language: 'python' | 'java' | 'go') {
    this.directory = this.package.newDirectory('example');
    fs.cpSync(path.join(EXAMPLE, language), this.directory, { recursive: true });
  }

  /** Builds the package as a release does, and those of the given npm packages with it. Returns the folder they are in. */
  public buildPackage(options: { npmPackages?: string[]; args?: string[] } = {}): string {
    const out = this.newDirectory('packages');
    const modules = [...(options.npmPackages ?? []).map((name) => path.join('node_modules', name)), '.'];
    this.package.runTool('jsii-pacmak', '--target', this.language, '--outdir', out, ...(options.args ?? []), ...modules);
    return path.join(out, this.language);
  }

  /** Does what `cdk8s synth` does by the example's cdk8s.yaml, and returns the manifest. */
  public synth(env: NodeJS.ProcessEnv = {}): string {
    const { app } = parse(fs.readFileSync(path.join(this.directory, 'cdk8s.yaml'), 'utf8'));
    const outdir = this.newDirectory('manifests');
    execSync(app, { cwd: this.directory, env: { ...ENVIRONMENT, ...env, CDK8S_OUTDIR: outdir }, stdio: 'inherit' });
    return onlyManifest(outdir);
  }

  /** The manifest that the TypeScript program writes. */
  public typescriptManifest(): string {
    const project = this.package.newProject('typescript');
    const program = path.join(project, 'main.js');
    const source = fs.readFileSync(path.join(EXAMPLE, 'main.ts'), 'utf8');
    fs.writeFileSync(program, ts.transpile(source, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }));
    const outdir = path.join(project, 'dist');
    execFileSync(process.execPath, [program], { env: { ...ENVIRONMENT, CDK8S_OUTDIR: outdir } });
    return onlyManifest(outdir);
  }

  public newDirectory(name: string): string {
    return this.package.newDirectory(name);
  }

  public remove(): void {
    this.package.remove();
  }
}

function onlyManifest(directory: string): string {
  expect(fs.readdirSync(directory)).toEqual(['five-languages.k8s.yaml']);
  return fs.readFileSync(path.join(directory, 'five-languages.k8s.yaml'), 'utf8');
}
