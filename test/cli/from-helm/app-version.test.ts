import { commentsOf, objectsOf } from './read-program';
import { programOf } from '../run-cli';

const ASKS = 'The values have no image.tag: v0.8.1 is the image of chart 3.13.1. Where the release runs another, say --app-version.';

function imageOf(program: string): string {
  return objectsOf(program).find(({ kind }) => kind === 'Deployment').spec.template.spec.containers[0].image;
}

describe('the image of a release whose values have no tag', () => {
  test.each(['0.6.4', 'v0.6.4'])('is that of --app-version %s, and nothing is asked', (version) => {
    const program = programOf('replicas: 2\n', '--app-version', version);

    expect(imageOf(program)).toBe('registry.k8s.io/metrics-server/metrics-server:v0.6.4');
    expect(commentsOf(program)).not.toContain('--app-version');
  });

  test('is that of the newest known chart without --app-version, and the program asks for it', () => {
    const program = programOf('replicas: 2\n');

    expect(imageOf(program)).toBe('registry.k8s.io/metrics-server/metrics-server:v0.8.1');
    expect(commentsOf(program)).toContain(ASKS);
  });

  test('has the tag in another repository as well', () => {
    const values = 'image: { repository: registry.example.com/metrics-server }\n';

    expect(imageOf(programOf(values, '--app-version', '0.7.2'))).toBe('registry.example.com/metrics-server:v0.7.2');
    expect(commentsOf(programOf(values))).toContain(ASKS);
  });

  test('may be newer than what is known here', () => {
    const program = programOf('', '--app-version', '0.10.1');

    expect(imageOf(program)).toBe('registry.k8s.io/metrics-server/metrics-server:v0.10.1');
    expect(commentsOf(program)).toContain('v0.10.1 is no release that is known here');
  });

  test('decides what the server does by itself: v0.4 scrapes each minute and serves on 4443 unless it is told', () => {
    expect(programOf('defaultArgs: []\n', '--app-version', '0.4.4')).not.toContain('metricResolution');
    expect(programOf('defaultArgs: []\n', '--app-version', '0.7.2')).toContain('metricResolution: Duration.minutes(1),');
    expect(programOf('', '--app-version', '0.6.4')).toContain('securePort: 10250,');
  });
});

test('image.tag wins over --app-version, as in the chart', () => {
  const program = programOf('image: { tag: v0.7.1 }\n', '--app-version', '0.6.4');

  expect(imageOf(program)).toBe('registry.k8s.io/metrics-server/metrics-server:v0.7.1');
  expect(commentsOf(program)).not.toContain('--app-version');
});

test('the companion image has a version of its own', () => {
  const values = 'apiService: { insecureSkipTLSVerify: false }\n';

  expect(programOf(values)).toContain('Image.companion()');
  expect(commentsOf(programOf(values))).not.toContain('--app-version');
});
