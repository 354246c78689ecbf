import { parseOptions, UsageError } from '../../start/options';

const parse = (...args: string[]) => parseOptions(args, '/home/jane');

test('three nodes and twelve pods unless told', () => {
  expect(parse()).toEqual({ nodes: 3, pods: 12, once: false, help: false, kubeconfig: undefined });
  expect(parse('--nodes', '50', '--pods=500', '--once')).toMatchObject({ nodes: 50, pods: 500, once: true });
});

test('a kubeconfig is found from where npm was called', () => {
  expect(parse('--kubeconfig', 'cluster/admin.conf').kubeconfig).toBe('/home/jane/cluster/admin.conf');
});

test.each([
  [['--node', '3'], "Unknown option '--node'"],
  [['3'], "Unexpected argument '3'"],
  [['--nodes'], "Option '--nodes <value>' argument missing"],
  [['--nodes', '0'], "--nodes is '0': give a whole number from 1 to 5000"],
  [['--pods', '1e3'], "--pods is '1e3': give a whole number from 1 to 150000"],
  [['--kubeconfig', 'x', '--pods', '3'], '--nodes and --pods are the size of the simulated cluster: leave them out with --kubeconfig'],
])('%j is refused in one line', (args, message) => {
  expect(() => parse(...args)).toThrow(new UsageError(message));
});
