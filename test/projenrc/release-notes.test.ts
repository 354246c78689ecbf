import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'projenrc', 'release-notes.mjs');

test('a release on GitHub has the entries of its version, and no others', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'release-notes-'));
  try {
    fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2000-02-01\n\n### Added\n\n- More.\n\n## 0.1.0 - 2000-01-01\n\n- First.\n');

    expect(spawnSync(process.execPath, [PROGRAM], { cwd: folder, encoding: 'utf8' }).stdout).toBe('### Added\n\n- More.\n\n');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
