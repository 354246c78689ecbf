import { bundleRuntime } from '../../start/runtime-bundle';
import { RuntimeProcess } from '../../start/runtime-process';
import { Scope } from '../../start/scope';

beforeAll(bundleRuntime, 60_000);

test('a runtime that ends by itself is a failure that shows what it said last', async () => {
  const scope = new Scope();
  const { failed } = new RuntimeProcess(['--metric-resolutoin=15s'], scope);
  await expect(failed).rejects.toMatchObject({
    message: 'the runtime ended with code 2',
    details: expect.arrayContaining([expect.stringContaining('--metric-resolution')]),
  });
  await scope.close();
});
