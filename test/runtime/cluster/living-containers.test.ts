import { livingContainers, WirePodState } from '../../../src/runtime/cluster/living-containers';

const running = { running: {} };
const waiting = { waiting: {} };
const ended = (exitCode: number) => ({ terminated: { exitCode } });

/** A pod with one container of each kind and these states. */
function pod(spec: WirePodState['spec'], status: WirePodState['status']): WirePodState {
  return { spec: { restartPolicy: 'Always', ...spec }, status };
}

test('containers that run are living, of whatever kind', () => {
  expect(livingContainers(pod(
    { containers: [{ name: 'app' }], initContainers: [{ name: 'mesh', restartPolicy: 'Always' }, { name: 'setup' }] },
    {
      containerStatuses: [{ name: 'app', state: running }],
      initContainerStatuses: [{ name: 'mesh', state: running }, { name: 'setup', state: ended(0) }],
      ephemeralContainerStatuses: [{ name: 'debugger', state: running }, { name: 'old-debugger', state: ended(0) }, { name: 'pulled', state: waiting }],
    },
  ))).toEqual(['app', 'mesh', 'debugger']);
});

test.each<[string, string, object, boolean]>([
  ['waits to be restarted', 'Always', waiting, true],
  ['has ended and will be restarted', 'Always', ended(0), true],
  ['has failed and will be restarted', 'OnFailure', ended(1), true],
  ['has ended for good', 'OnFailure', ended(0), false],
  ['has failed for good', 'Never', ended(1), false],
  ['waits for its image', 'Never', waiting, true],
])('a container that %s (%s) is living: %p %p', (_, restartPolicy, state, living) => {
  const status = { containerStatuses: [{ name: 'app', state }] };
  const expected = living ? ['app'] : [];
  expect(livingContainers(pod({ restartPolicy, containers: [{ name: 'app' }] }, status))).toEqual(expected);
  expect(livingContainers(pod({ restartPolicy: 'Always', containers: [{ name: 'app', restartPolicy }] }, status))).toEqual(expected);
});

test('a sidecar waits to be restarted when it crashes, an init container that is done does not', () => {
  const initContainers = [{ name: 'mesh', restartPolicy: 'Always' }, { name: 'setup' }];
  const initContainerStatuses = initContainers.map(({ name }) => ({ name, state: ended(1) }));
  expect(livingContainers(pod({ initContainers }, { containerStatuses: [], initContainerStatuses }))).toEqual(['mesh']);
});

test('a pod whose status says nothing of containers is not known', () => {
  expect(livingContainers({ spec: { containers: [{ name: 'app' }] }, status: {} })).toBeUndefined();
  expect(livingContainers({})).toBeUndefined();
});
