import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { LanguageExample } from './five-languages';
import { jsii, version } from '../../package.json';

const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'cdk8s-metrics-server', 'languages');

describe('Java', () => {
  const repository = path.join(CACHE, 'maven');
  let example: LanguageExample;

  beforeAll(() => { example = new LanguageExample('java'); });

  afterAll(() => example?.remove());

  test('the jar installs into a Maven repository', () => {
    const { groupId, artifactId } = jsii.targets.java.maven;
    const installed = path.join(repository, ...groupId.split('.'), artifactId);
    // The tree's version is always the same: the jar of an earlier run must not pass for this one's.
    fs.rmSync(installed, { recursive: true, force: true });

    // pacmak runs `mvn deploy`, which installs into Maven's own repository on its way.
    example.buildPackage({ args: ['--maven-local-repository', repository] });

    expect(fs.readdirSync(installed, { recursive: true })).toContain(path.join(version, `${artifactId}-${version}.jar`));
  });

  test('the example synthesizes the manifest of the TypeScript one', () => {
    expect(example.synth({ MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} -Dmaven.repo.local=${repository}` })).toBe(example.typescriptManifest());
  });
});
