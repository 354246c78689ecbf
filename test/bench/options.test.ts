import { parseOptions } from './options';

test('everything is measured twice, unless --quick', () => {
  expect(parseOptions([])).toMatchObject({ nodes: [10, 100, 1000, 5000], pods: 30, rounds: 2, churnMinutes: 10, commit: 'HEAD' });
  expect(parseOptions(['--quick'])).toMatchObject({ nodes: [1000], rounds: 2, churnMinutes: 0 });
  expect(parseOptions(['--quick', '--nodes', '100,1000', '--rounds', '3'])).toMatchObject({ nodes: [100, 1000], rounds: 3 });
});

test.each([
  [['--nodes', '10,many'], '--nodes many: must be a whole number of 1 or more'],
  [['--churn=-1'], '--churn -1: must be a whole number of 0 or more'],
  [['--only', 'theirs'], '--only theirs: must be ours or peer'],
  [['--only', 'ours', '--publish'], '--publish shows what a commit does beside its peer: leave --only out'],
  [['--quick', '--publish'], 'leave --quick out'],
  [['--runtime', 'index.js', '--publish'], 'leave --runtime out'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
