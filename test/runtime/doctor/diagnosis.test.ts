import { Severity } from '../../../src/runtime/doctor/check';
import { exitCodeOf } from '../../../src/runtime/doctor/diagnosis';

const exitCode = (...severities: Severity[]) => exitCodeOf(severities.map((severity) => ({ check: 'any', severity, saw: '' })));

test.each<[Severity[], number]>([
  [['ok'], 0],
  [['ok', 'warning'], 1],
  [['ok', 'unknown'], 4],
  [['warning', 'unknown', 'ok'], 4],
  [['skipped', 'warning'], 1],
  [['ok', 'skipped'], 0],
  [['skipped', 'unknown'], 4],
  [['unknown', 'error', 'warning'], 3],
  [[], 4],
])('the worst of %j ends with %i', (severities, code) => {
  expect(exitCode(...severities)).toBe(code);
});
