import { InClusterConfigError } from '../../src/runtime/cluster/in-cluster';
import { ConfigurationError } from '../../src/runtime/configuration-file/configuration-error';
import { UsageError } from '../../src/runtime/flags/usage-error';
import { mistakeIn } from '../../src/runtime/mistake';

const listenError = (code: string) => Object.assign(new Error(`listen ${code}: told by Node.js`), { code, syscall: 'listen', port: 443, address: '192.0.2.1' });

test.each([
  ['EADDRINUSE', 'port 443 is in use by another process; pass another --secure-port'],
  ['EACCES', 'port 443 needs privileges that this process does not have; pass a --secure-port above 1023'],
  ['EADDRNOTAVAIL', 'no interface has the address 192.0.2.1; pass another --bind-address'],
  ['EINVAL', 'no interface has the address 192.0.2.1; pass another --bind-address'],
  ['ENOBUFS', 'listen ENOBUFS: told by Node.js'],
])('%s of the port is told in words', (code, line) => {
  expect(mistakeIn(listenError(code))).toBe(line);
});

test('mistakes in flags and surroundings are told as they are', () => {
  expect(mistakeIn(new UsageError(['--a is wrong']))).toBe('--a is wrong');
  expect(mistakeIn(new InClusterConfigError('KUBERNETES_SERVICE_HOST not set'))).toContain('KUBERNETES_SERVICE_HOST not set');
  expect(mistakeIn(new ConfigurationError('config.yaml', 3, 'rules is a text; give a list'))).toBe('config.yaml:3: rules is a text; give a list');
});

test('an error of ours is no mistake of the user\'s', () => {
  expect(mistakeIn(new TypeError('undefined is not a function'))).toBeUndefined();
});
