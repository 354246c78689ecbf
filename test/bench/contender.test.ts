import { ours } from './contender';

test('ours runs with the flags and the environment that the image gives Node', () => {
  expect(ours('/node', '/index.js')).toMatchObject({
    command: '/node',
    args: ['--max-semi-space-size=2', '/index.js'],
    env: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768', NODE_OPTIONS: '--disable-wasm-trap-handler' },
  });
});
