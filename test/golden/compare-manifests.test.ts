import { differences } from './compare-manifests';

const AT = 'Deployment d.spec.containers.server';

test('a quantity is compared by its value, anything else as it is written', () => {
  const server = (cpu: string, image: string) => deployment({ image, resources: { requests: { cpu } } });

  expect(differences(server('0.1', 'a'), server('100m', 'a'))).toEqual([]);
  expect(differences(server('0.1', 'a'), server('200m', 'b'))).toEqual([
    { at: `${AT}.image`, golden: 'a', ours: 'b' },
    { at: `${AT}.resources.requests.cpu`, golden: '0.1', ours: '200m' },
  ]);
});

test('an argument is compared by its flag, wherever it stands', () => {
  const server = (...args: string[]) => deployment({ args });

  expect(differences(server('run', '--port=1', '--quiet'), server('run', '--quiet=true', '--port=1'))).toEqual([]);
  expect(differences(server('run', '--port=1', '--quiet'), server('walk', '--port=2'))).toEqual([
    { at: `${AT}.args.--port`, golden: '1', ours: '2' },
    { at: `${AT}.args.--quiet`, golden: 'true', ours: undefined },
    { at: `${AT}.args.0`, golden: 'run', ours: 'walk' },
  ]);
});

test('a volume, a mount and a variable are compared by what Kubernetes knows them by', () => {
  const server = (...mountPaths: string[]) => deployment({
    env: mountPaths.map((value) => ({ name: value.toUpperCase(), value })),
    volumeMounts: mountPaths.map((mountPath) => ({ name: mountPath.slice(1), mountPath })),
  });

  expect(differences(server('/a', '/b'), server('/b', '/a'))).toEqual([]);
  expect(differences(server('/a', '/b'), server('/a')).map(({ at }) => at)).toEqual([`${AT}.env./B`, `${AT}.volumeMounts./b`]);
});

test('the order of any other list counts', () => {
  const server = (...drop: string[]) => deployment({ securityContext: { capabilities: { drop } } });

  expect(differences(server('A', 'B'), server('B', 'A'))).toHaveLength(2);
});

function deployment(container: object) {
  return [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { containers: [{ name: 'server', ...container }] } }];
}
