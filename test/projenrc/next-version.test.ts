import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'projenrc', 'next-version.mjs');

function nextVersion(changelog: string, released = '') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'next-version-'));
  try {
    fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
    return spawnSync(process.execPath, [PROGRAM], { cwd: folder, env: { ...process.env, VERSION: released }, encoding: 'utf8' });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('the newest heading names the version to release', () => {
  expect(nextVersion('# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2000-02-01\n\n- More.\n\n## 0.1.0 - 2000-01-01\n\n- First.\n', '0.1.0').stdout).toBe('0.2.0\n');
  expect(nextVersion('# Changelog\n\n## 1.0.0\n\n- Stable.\n').stdout).toBe('1.0.0\n');
});

test.each([
  ['entries that belong to no version yet', '# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0\n', /below Unreleased/],
  ['a version that is released', '# Changelog\n\n## 0.1.0\n\n- First.\n', /given 0\.1\.0, which is released/],
  ['no version at all', '# Changelog\n\n## Unreleased\n', /add one for the version/],
  ['what is no version', '# Changelog\n\n## 0.1\n', /given '0\.1'/],
])('%s ends a release', (_, changelog, message) => {
  const { status, stdout, stderr } = nextVersion(changelog, '0.1.0');

  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
});
