import * as fs from 'node:fs';
import * as path from 'node:path';
import { doctorPage } from './doctor-page';
import { CHECKS } from '../../../src/runtime/doctor/checks';

const PAGE = path.join(__dirname, '..', '..', '..', 'docs', 'doctor.md');

test('docs/doctor.md is as it is generated', () => {
  // Written by hand only: UPDATE_GOLDEN=1 npx jest test/runtime/doctor
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(PAGE, doctorPage());
  expect(fs.readFileSync(PAGE, 'utf8')).toBe(doctorPage());
});

test.each(CHECKS)('$id is told in sentences', ({ id, title, meaning, mend }) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(title).not.toMatch(/\.$/);
  for (const text of [meaning, mend]) expect(text).toMatch(/^\S[^]*\.$/);
});
