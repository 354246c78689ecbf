import { readFileSync } from 'fs';
import { join } from 'path';
import { REQUIREMENTS } from '../../src/extension-api-server/_requirements';

const page = readFileSync(join(__dirname, '../../docs/platforms.md'), 'utf8');

test('docs/platforms.md names every property that clusterVersion refuses, and from which Kubernetes on it does what it says', () => {
  const rows = REQUIREMENTS.map(({ property, since, reason }) => `| \`${property}\` | 1.${since} | ${reason} |`);
  expect(page.split('\n').filter((line) => /\| 1\.\d+ \|/.test(line))).toEqual(rows);
});
