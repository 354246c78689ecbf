/** Prints the entries that CHANGELOG.md has below the newest version: the text of its release on GitHub. */
import * as fs from 'node:fs';

const sections = fs.readFileSync('CHANGELOG.md', 'utf8').split(/^## /m);
const newest = sections.find((section) => /^\d/.test(section)) ?? '';
process.stdout.write(newest.replace(/^.*\n+/, ''));
