import * as fs from 'fs';
import * as path from 'path';
import { rulePages } from './rule-pages';

const DIRECTORY = path.join(__dirname, '..', '..', 'docs', 'rules');

describe('docs/rules', () => {
  test('has the page of every rule and an index, as they are generated, and nothing else', () => {
    const pages = rulePages();
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/rules
    if (process.env.UPDATE_GOLDEN) {
      fs.rmSync(DIRECTORY, { recursive: true, force: true });
      fs.mkdirSync(DIRECTORY);
      for (const [file, text] of pages) fs.writeFileSync(path.join(DIRECTORY, file), text);
    }

    expect(fs.readdirSync(DIRECTORY).sort()).toEqual([...pages.keys()].sort());
    for (const [file, text] of pages) expect([file, fs.readFileSync(path.join(DIRECTORY, file), 'utf8')]).toEqual([file, text]);
  });
});
