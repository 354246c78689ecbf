import * as fs from 'fs';
import * as path from 'path';
import { flagsPage } from './flags';

const PAGE = path.join(__dirname, '..', '..', 'docs', 'flags.md');

test('docs/flags.md is as it is generated', () => {
  // Written by hand only: UPDATE_GOLDEN=1 npx jest test/docs
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(PAGE, flagsPage());
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(flagsPage());
});
