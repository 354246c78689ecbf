/** Prints the version to release: the newest that CHANGELOG.md has a heading for. projen gives the last release's as VERSION. */
import * as fs from 'node:fs';

const { version, mistake } = nextVersion(fs.readFileSync('CHANGELOG.md', 'utf8'), process.env.VERSION);
if (mistake) {
  console.error(mistake);
  process.exitCode = 1;
} else {
  console.log(version);
}

function nextVersion(changelog, released) {
  const [newest, ...sections] = changelog.split(/^## /m).slice(1);
  if (/^Unreleased\n\s*\S/.test(newest)) {
    return { mistake: 'CHANGELOG.md: given entries below Unreleased; allowed: none at a release; to mend it, head them with their version' };
  }
  const heading = [newest, ...sections].find((section) => /^\d/.test(section))?.split('\n')[0] ?? '';
  const version = /^\d+\.\d+\.\d+(?=$| )/.exec(heading)?.[0];
  if (!version) {
    return { mistake: `CHANGELOG.md: given '${heading}'; allowed: a heading such as 0.1.0 - 2000-12-31; to mend it, add one for the version to release` };
  }
  if (version === released) {
    return { mistake: `CHANGELOG.md: given ${version}, which is released; allowed: a newer version; to mend it, head the new entries with theirs` };
  }
  return { version };
}
