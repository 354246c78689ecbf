import { ConfigurationError } from '../../../../src/runtime/configuration-file/configuration-error';
import { PrometheusConfiguration, readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';

const SOURCE = 'sources: [{name: main, url: "http://prometheus:9090"}]\n';

function read(text: string): Promise<PrometheusConfiguration> {
  return readConfiguration('config.yaml', text);
}

async function refusal(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'taken';
}

describe('a configuration of prometheus-adapter', () => {
  test('is read as it is', async () => {
    const { rules, externalRules, resourceRules } = await read(`${SOURCE}
rules:
- seriesQuery: '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}'
  resources:
    overrides:
      namespace: {resource: "namespace"}
      pod: {resource: "pod"}
  seriesFilters:
  - isNot: "^container_.*_total$"
  name:
    matches: "^container_(.*)_seconds_total$"
  metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[2m])) by (<<.GroupBy>>)'
- seriesQuery: 'cheddar{sharp="true"}'
  name: {as: "cheesy_goodness"}
  resources:
    template: "kube_<<.Group>>_<<.Resource>>"
  metricsQuery: 'count(cheddar{sharp="true"})'
externalRules:
- seriesQuery: '{__name__="queue_depth",topic!=""}'
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (name)
  resources:
    namespaced: false
resourceRules:
  cpu:
    containerQuery: sum by (<<.GroupBy>>) (rate(container_cpu_usage_seconds_total{<<.LabelMatchers>>}[4m]))
    nodeQuery: sum by (<<.GroupBy>>) (rate(node_cpu_seconds_total{<<.LabelMatchers>>}[4m]))
    resources: {template: <<.Resource>>}
    containerLabel: container
  memory:
    containerQuery: sum by (<<.GroupBy>>) (container_memory_working_set_bytes{<<.LabelMatchers>>})
    nodeQuery: sum by (<<.GroupBy>>) (node_memory_working_set_bytes{<<.LabelMatchers>>})
    resources: {template: <<.Resource>>}
    containerLabel: container
  window: 5m
`);
    expect(rules.map(({ filters, name, resources }) => [filters.length, name.as, [...resources.overrides.keys()]])).toEqual([
      [2, '$1', ['namespace', 'pod']],
      [0, 'cheesy_goodness', []],
    ]);
    expect(rules[1].resources.labels!.pattern.pattern).toBe('^kube_(?P<group>.+?)_(?P<resource>.+?)$');
    expect(externalRules.map(({ namespaced, name }) => [namespaced, name.as])).toEqual([[false, '$0']]);
    expect(resourceRules!.windowMs).toBe(300_000);
  });

  test('may use anchors, merges and the spellings of true and false of YAML 1.1', async () => {
    const { externalRules } = await read(`${SOURCE}
externalRules:
- &queue
  seriesQuery: queue_depth
  resources: {namespaced: no}
  metricsQuery: sum(<<.Series>>)
- <<: *queue
  name: {as: other}
`);
    expect(externalRules.map(({ namespaced, name, seriesQuery }) => [namespaced, name.as, seriesQuery]))
      .toEqual([[false, '$0', 'queue_depth'], [false, 'other', 'queue_depth']]);
  });

  test.each([
    ['rules:\n- seriesQuery: up\n  metricQuery: x', 'config.yaml:4: rules[0].metricQuery is not known; there are seriesQuery, seriesFilters, resources, name, metricsQuery, source'],
    ['rules:\n- seriesQuery: up', 'config.yaml:3: rules[0].metricsQuery is missing'],
    ['rules: 5', 'config.yaml:2: rules is the text "5"; give a list'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: |\n    sum(\n      <<.Serie>>)',
      'config.yaml:6: rules[0].metricsQuery is a template that cannot be used, at character 10: there is no field .Serie; '
      + 'there are .Series, .LabelMatchers, .LabelValuesByName, .GroupBy, .GroupBySlice'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  name:\n    matches: "a(?=b)"',
      'config.yaml:6: rules[0].name.matches is "a(?=b)", a regular expression that cannot be used, at character 2: (?= looks around, which RE2 cannot'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  name:\n    matches: "(a)(b)"',
      'config.yaml:6: rules[0].name.as is missing; matches has 2 groups, say which to use, such as ${1}'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  seriesFilters: [{is: a, isNot: b}]', 'config.yaml:5: rules[0].seriesFilters[0] must have one of is and isNot'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  resources: {template: kube}',
      'config.yaml:5: rules[0].resources.template does not hold <<.Resource>>; every resource would have the same label'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  resources: {overrides: {pod: {group: ""}}}',
      'config.yaml:5: rules[0].resources.overrides.pod.resource is missing; name the resource that the label is for, such as pod'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: up\n  source: other', 'config.yaml:5: rules[0].source is "other"; sources are main'],
    ['rules: []\nrules: []', 'config.yaml:3: is no YAML: Map keys must be unique'],
    ['rules: [', 'config.yaml:2: is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['rules:\n- seriesQuery: up\n  metricsQuery: "sum(x{container!="POD"})"', 'config.yaml:4: is no YAML: Unexpected scalar at node end'],
    ['resourceRules: {cpu: {}}', 'config.yaml:2: resourceRules.cpu.containerQuery is missing'],
  ])('%j is refused with its line', async (text, message) => {
    expect(await refusal(`${SOURCE}${text}`)).toBe(message);
  });
});

describe('sources', () => {
  test('may have everything that a Prometheus asks for', async () => {
    const { sources } = await read(`
sources:
- name: mimir
  url: https://mimir.example.com/prometheus
  verb: POST
  headers: {X-Scope-OrgID: team-a}
  basicAuth: {username: reader, passwordFile: /secrets/password}
  tls: {caFile: /secrets/ca.crt, certFile: /secrets/tls.crt, keyFile: /secrets/tls.key, serverName: mimir}
  timeout: 5s
- {name: local, url: 'http://localhost:9090', bearerTokenFile: /secrets/token}
`);
    expect(sources).toEqual([
      {
        name: 'mimir',
        url: new URL('https://mimir.example.com/prometheus'),
        verb: 'POST',
        headers: { 'X-Scope-OrgID': 'team-a' },
        basicAuth: { username: 'reader', passwordFile: '/secrets/password' },
        tls: { caFile: '/secrets/ca.crt', certFile: '/secrets/tls.crt', keyFile: '/secrets/tls.key', serverName: 'mimir', insecureSkipVerify: false },
        timeoutMs: 5000,
      },
      { name: 'local', url: new URL('http://localhost:9090'), headers: {}, bearerTokenFile: '/secrets/token', tls: { insecureSkipVerify: false }, timeoutMs: 10_000 },
    ]);
  });

  test.each([
    ['{name: A, url: "http://x"}', 'name is "A"; give up to 63 lower case letters, digits and -, such as prometheus'],
    ['{name: a, url: prometheus}', 'url is "prometheus"; give a URL such as http://prometheus.monitoring.svc:9090'],
    ['{name: a, url: "http://me:secret@x"}', 'url holds a user or password; use basicAuth'],
    ['{name: a, url: "http://x", verb: PUT}', 'verb is "PUT"; give GET or POST'],
    ['{name: a, url: "http://x", headers: {authorization: secret}}',
      'headers.authorization cannot be set; use bearerTokenFile or basicAuth, which keep secrets out of the configuration'],
    ['{name: a, url: "http://x", timeout: 5}', 'timeout is "5"; give a duration such as 30s, 5m or 1h30m'],
    ['{name: a, url: "http://x", timeout: 2m}', 'timeout must be from 100ms to 1m: an autoscaler asks every 15 seconds'],
    ['{name: a, url: "http://x", tls: {certFile: a}}', 'tls has one of certFile and keyFile; a client certificate needs both'],
    ['{name: a, url: "http://x", tls: {caFile: a, insecureSkipVerify: true}}', 'tls has both caFile and insecureSkipVerify; what is not verified needs no CA'],
  ])('%s is refused', async (source, message) => {
    expect(await refusal(`sources:\n- ${source}`)).toBe(`config.yaml:2: sources[0].${message}`);
  });

  test('are needed, from the file or from flags', async () => {
    expect(await refusal('rules: []')).toBe('config.yaml:1: names no sources, nor is --prometheus-url given; add sources with a name and a url');
  });

  test('have names of their own', async () => {
    expect(await refusal('sources:\n- {name: a, url: "http://x"}\n- {name: a, url: "http://y"}'))
      .toBe('config.yaml:3: sources[1] is a second source named a; give each a name of its own');
  });
});

describe('a declared metric', () => {
  test('has defaults for everything but its name and query', async () => {
    const { metrics } = await read(`${SOURCE}
metrics:
- name: http_requests_per_second
  query: sum by (namespace, pod) (rate(http_requests_total[2m]))
  object: {resource: pods, nameLabel: pod}
  namespaceLabel: namespace
- {name: queue_depth, query: sum(queue_depth), refresh: 1m, onEmpty: zero, onNaN: skip, minimum: 0, maximum: 1e3, maxAge: 5m}
`);
    expect(metrics).toEqual([
      {
        name: 'http_requests_per_second',
        origin: expect.anything(),
        place: 'config.yaml:4: metrics[0]',
        said: expect.stringContaining('http_requests_per_second'),
        object: { groupResource: { group: '', resource: 'pods' }, nameLabel: 'pod' },
        namespaceLabel: 'namespace',
        combine: 'sum',
        refreshMs: 15_000,
        maxAgeMs: 60_000,
        windowSeconds: 120,
        onEmpty: 'error',
        onNaN: 'error',
        minimum: -Infinity,
        maximum: Infinity,
      },
      {
        name: 'queue_depth',
        origin: expect.anything(),
        place: 'config.yaml:8: metrics[1]',
        said: expect.stringContaining('queue_depth'),
        combine: 'sum',
        refreshMs: 60_000,
        maxAgeMs: 300_000,
        onEmpty: 'zero',
        onNaN: 'skip',
        minimum: 0,
        maximum: 1000,
      },
    ]);
  });

  test.each([
    ['{name: a, query: up, object: {resource: pods, nameLabel: pod}}', '.namespaceLabel is missing; give the label that holds the namespace, since others have objects of that name too'],
    ['{name: a/b, query: up}', '.name is "a/b"; give up to 253 letters, digits, _, :, . and -'],
    ['{name: status, query: up}', '.name is status, which Kubernetes takes for a part of the namespace; give another'],
    ['{name: a}', ' does not say where it comes from; give one of query, http, pods, formula, schedule, objects'],
    ['{name: a, query: up, object: {resource: pods}}', '.object.nameLabel is missing'],
    ['{name: a, query: up, onNaN: ignore}', '.onNaN is "ignore"; give one of error, zero, skip, last'],
    ['{name: a, query: up, refresh: 10ms}', '.refresh is 10ms; give from 1s to 3600s'],
    ['{name: a, query: up, namespaces: []}', '.namespaces is empty; name one namespace, or leave it out for all of them'],
    ['{name: a, query: up, namespaces: [shop, "Shop"]}', '.namespaces[1] is "Shop"; give the name of a namespace'],
    ['{name: a, query: up, object: {resource: pods, nameLabel: pod}, namespaceLabel: namespace, namespaces: [shop]}', '.namespaces cannot be given: a metric of objects is read in their namespaces'],
    ['{name: a, query: up, minimum: 5, maximum: 1}', '.minimum is 5, above maximum, which is 1'],
    ['{name: a, query: up, maximum: many}', '.maximum is "many"; give a number'],
    ['{name: a, query: up, sources: [main, other]}', '.sources[1] is "other"; sources are main'],
    ['{name: a, query: up, source: main, sources: [main]}', ' has both source and sources; give one of them'],
  ])('%s is refused', async (metric, message) => {
    expect(await refusal(`${SOURCE}metrics:\n- ${metric}`)).toBe(`config.yaml:3: metrics[0]${message}`);
  });

  test('is there once', async () => {
    expect(await refusal(`${SOURCE}metrics:\n- {name: a, query: up}\n- {name: a, query: down}`))
      .toBe('config.yaml:4: metrics[1] is a second metric named a; give each a name of its own');
  });
});
