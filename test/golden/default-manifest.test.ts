import * as fs from 'fs';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { GOLDEN_MANIFESTS } from './compare-manifests';

const GOLDEN = path.join(GOLDEN_MANIFESTS, 'default.yaml');
const PLACEHOLDER = '<version>';
const { companionImage, version: treeVersion } = jest.requireActual<{ companionImage: string; version: string }>('../../package.json');

describe('the default chart', () => {
  afterEach(() => jest.dontMock('../../src/_package'));

  test.each([
    ['as it is in the tree', treeVersion],
    ['as a release will set it', '1.2.3'],
  ])('is the golden file, with the package version %s', (_, version) => {
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/golden
    const synthesized = synthesize(version);
    if (process.env.UPDATE_GOLDEN) fs.writeFileSync(GOLDEN, synthesized.replace(`${companionImage}:${version}`, `${companionImage}:${PLACEHOLDER}`));

    expect(synthesized).toBe(fs.readFileSync(GOLDEN, 'utf8').replace(PLACEHOLDER, version));
  });

  test('is the same, byte for byte, whatever the order of the properties', () => {
    const props = { namespace: 'metrics', labels: { team: 'platform', tier: 'one' }, replicas: 2 };
    const reversed = { replicas: 2, labels: { tier: 'one', team: 'platform' }, namespace: 'metrics' };

    expect(synthesize('1.2.3', reversed)).toBe(synthesize('1.2.3', props));
  });
});

function synthesize(version: string, props = {}): string {
  let yaml = '';
  jest.isolateModules(() => {
    jest.doMock('../../src/_package', () => ({ readPackage: () => ({ companionImage, version }) }));
    const { MetricsServer } = jest.requireActual<typeof import('../../src')>('../../src');
    const app = new App();
    new MetricsServer(new Chart(app, 'metrics-server'), 'metrics-server', props);
    yaml = app.synthYaml();
  });
  return yaml;
}
