import { FLAGS, isWithoutEffect } from '../../../src/_facts/flags';
import { flagTests } from '../main/flag-tests';

test('every flag has an effect that a test of the program observes, but for those that say so', () => {
  const tests = flagTests();
  expect(FLAGS.filter((flag) => !isWithoutEffect(flag)).map(({ name }) => name).filter((name) => !tests.has(name))).toEqual([]);
});

test('only these have none', () => {
  expect(FLAGS.filter(isWithoutEffect).map(({ name }) => name)).toEqual([
    'advertise-address', 'emulated-version', 'emulation-forward-compatible', 'feature-gates', 'min-compatibility-version', 'min-request-timeout',
    'runtime-config-emulation-forward-compatible', 'shutdown-watch-termination-grace-period', 'storage-initialization-timeout',
    'permit-address-sharing', 'contention-profiling', 'debug-socket-path', 'enable-priority-and-fairness',
  ]);
});
