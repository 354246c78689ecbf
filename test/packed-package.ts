import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
/** What the package is made from. */
const SOURCES = ['src', 'tsconfig.json', 'README.md', 'LICENSE', '.npmignore', path.join('.projen', 'tasks.json'), path.join('image', 'third-party-notices.mjs'),
  path.join('projenrc', 'runtime-types.mjs')];

/** This package as a release publishes it, built from the sources in a directory of its own. */
export class PackedPackage {
  /** Where the sources were compiled; holds `.jsii` and `lib`. */
  public readonly directory: string;
  public readonly tarball: string;

  private readonly workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'packed-package-'));

  constructor(public readonly version: string) {
    this.directory = path.join(this.workspace, 'package');
    fs.mkdirSync(this.directory);
    for (const file of SOURCES) fs.cpSync(path.join(ROOT, file), path.join(this.directory, file), { recursive: true });
    const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    fs.writeFileSync(path.join(this.directory, 'package.json'), JSON.stringify({ ...manifest, version }));
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.directory, 'node_modules'));
    this.runTool('projen', 'bundle:runtime/module');
    this.runTool('projen', 'bundle:promql');
    this.runTool('projen', 'bundle:cli');
    this.runTool('jsii', '--silence-warnings=reserved-word');
    this.tarball = path.join(this.workspace, this.npm(this.directory, 'pack', '--silent', '--pack-destination', this.workspace).trim());
  }

  /** Runs a tool of node_modules on the compiled package. */
  public runTool(name: string, ...args: string[]): string {
    return this.runToolIn(this.directory, name, ...args);
  }

  public runToolIn(directory: string, name: string, ...args: string[]): string {
    return run(process.execPath, [path.join(ROOT, 'node_modules', name, 'bin', name), ...args], directory);
  }

  /** Runs npm in a directory, quietly and without asking the registry for what the cache holds. */
  public npm(directory: string, ...args: string[]): string {
    const onWindows = process.platform === 'win32';
    return run(onWindows ? 'npm.cmd' : 'npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], directory);
  }

  public newDirectory(name: string): string {
    const directory = path.join(this.workspace, name);
    fs.mkdirSync(directory);
    return directory;
  }

  /** A directory whose programs can import the package and its peers. */
  public newProject(name: string): string {
    const directory = this.newDirectory(name);
    const modules = path.join(directory, 'node_modules');
    fs.mkdirSync(modules);
    for (const peer of ['cdk8s', 'constructs']) fs.symlinkSync(path.join(ROOT, 'node_modules', peer), path.join(modules, peer));
    fs.symlinkSync(this.directory, path.join(modules, 'cdk8s-metrics-server'));
    return directory;
  }

  /** A directory whose programs can import what was packed, and nothing else. */
  public newUnpacked(name: string): string {
    const directory = this.newDirectory(name);
    const modules = path.join(directory, 'node_modules');
    fs.mkdirSync(modules);
    run('tar', ['-xzf', this.tarball, '-C', modules], directory);
    fs.renameSync(path.join(modules, 'package'), path.join(modules, 'cdk8s-metrics-server'));
    return directory;
  }

  public remove(): void {
    fs.rmSync(this.workspace, { recursive: true });
  }
}

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    // What went wrong is in the error that is thrown.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1' },
  });
}
