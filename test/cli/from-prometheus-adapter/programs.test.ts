import * as fs from 'fs';
import * as path from 'path';
import { carriedBy, groupVersionsTakenBy, meaningOf, withApiServices } from './meaning';
import { compile } from '../from-helm/compile';
import { commentsOf } from '../from-helm/read-program';
import { runCli } from '../run-cli';

const GOLDEN = path.join(__dirname, '..', '..', 'golden', 'from-prometheus-adapter');
const configurations = fs.readdirSync(GOLDEN).filter((file) => file.endsWith('.yaml')).map((file) => path.basename(file, '.yaml'));
const fileOf = (name: string) => path.join('test/golden/from-prometheus-adapter', `${name}.yaml`);

test('every program compiles', () => {
  expect(compile(configurations.map((name) => ({ name, text: fs.readFileSync(path.join(GOLDEN, `${name}.ts`), 'utf8') })))).toEqual([]);
});

describe.each(configurations.filter((name) => name !== 'untranslatable'))('the configuration %s', (name) => {
  const { code, out, errors } = runCli(['from-prometheus-adapter', fileOf(name)]);

  test('becomes this program', () => {
    const golden = path.join(GOLDEN, `${name}.ts`);
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/cli
    if (process.env.UPDATE_GOLDEN) fs.writeFileSync(golden, out);

    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(out).toBe(fs.readFileSync(golden, 'utf8'));
  });

  test('means the same in the chart', async () => {
    expect(await carriedBy(out)).toEqual(await meaningOf(fs.readFileSync(path.join(GOLDEN, `${name}.yaml`), 'utf8')));
  });
});

test('what cannot be said is named with file and line, and stands where it stood', async () => {
  const { code, out, errors } = runCli(['from-prometheus-adapter', fileOf('untranslatable')]);
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(path.join(GOLDEN, 'untranslatable.ts'), out);

  expect(out).toBe(fs.readFileSync(path.join(GOLDEN, 'untranslatable.ts'), 'utf8'));
  expect({ code, places: errors.map((line) => line.slice(line.indexOf('yaml:') + 5).split(' ').slice(0, 2).join(' ')) }).toEqual({
    code: 1,
    places: ['3: rules[0].name.matches', '6: rules[1].metricsQuery', '7: rules[2]:', '11: rules[3].serieFilters', '15: externalRule'],
  });
  expect((await carriedBy(out)).rules).toHaveLength(1);
});

test.each([
  ['https://prometheus.monitoring.svc:9090', 'Without certificateAuthority the CAs of the image are trusted, and without credentials nothing is shown.'],
  ['http://prometheus.monitoring.svc:9090', undefined],
])('of the source %s the program says what the URL leaves open', (url, remark) => {
  const { code, out } = runCli(['from-prometheus-adapter', fileOf('explicit'), '--prometheus-url', url]);
  expect(code).toBe(0);
  expect(out).toContain(`MetricSource.prometheus({ url: '${url}' })`);
  expect(/such as --prometheus-ca-file and --prometheus-auth-incluster\. (.*?\.) sources:/.exec(out.replace(/\s+(\/\/ )?/g, ' '))?.[1]).toBe(remark);
});

test('resourceRules take both versions of metrics.k8s.io, which the program says of a cluster with a metrics-server', () => {
  const { out } = runCli(['from-prometheus-adapter', fileOf('resource-usage')]);
  expect(groupVersionsTakenBy(withApiServices(out))).toEqual(['metrics.k8s.io/v1', 'metrics.k8s.io/v1beta1']);
  expect(commentsOf(out)).toContain('Remove resourceRules if the cluster has a metrics-server: they take metrics.k8s.io from it, v1 and v1beta1.');
});

test.each(['', 'rules: []\nexternalRules: []\n'])('without rules there is nothing to serve: %j', (configuration) => {
  expect(runCli(['from-prometheus-adapter', '-'], { '-': configuration })).toMatchObject({
    code: 2, out: '', errors: [expect.stringContaining('has no rules')],
  });
});
