import { ApiObject, Chart, Duration, JsonPatch } from 'cdk8s';
import * as plus from 'cdk8s-plus-27';
import {
  AggregatedApiService, AggregatedApiServiceProps, AuthDelegatorBindings, ConfigMapRef, ExtensionApiServer, ExtensionApiServerProps, Image,
  KubeletAccess, KubeletServingApprover, KubeletServingApproverProps, MetricsServer, MetricsServerProps, NannyConfiguration,
  NannyEstimator, NannySidecar, NannySidecarProps, NodeAddressType, KubeletSource, PercentOrAbsolute,
  SecretRef, SecurityProfile, ServiceAccountRef, ServiceRef, ServingCertificate, Sizing, TaintEffect,
  UnhealthyPodEvictionPolicy, UnsatisfiableConstraintAction, UpdateStrategy,
} from '../src';
import { CA_CERTIFICATE, SERVING_CERTIFICATE } from './certificates';
import { testChart } from './synthesize';

/** A property and a value that another language, or JavaScript, lets pass; what the message says is given; a word of what is allowed. */
type Row<Props> = [property: string, props: { [K in keyof Props]?: unknown }, given: string, allowed: string];

const insecure = ServingCertificate.insecureSkipTlsVerify();
const GROUP_VERSION = { group: 'wardle.example.com', version: 'v1' };

function expectMistake(synthesize: (chart: Chart) => void, property: string, given: string, allowed: string): void {
  const chart = testChart();
  let message = '';
  try {
    synthesize(chart);
    chart.toJson();
  } catch (error) {
    message = (error as Error).message;
  }
  // Path of the construct, what was given, what is allowed, how to mend it, all in one line.
  expect(message).toMatch(/\[test\/it[^\]]*\] .+: given .+; allowed: .+; to mend it, .+/);
  expect(message.slice(message.indexOf('] ') + 2)).toContain(`${property}: given ${given}`);
  expect(message.split('; allowed: ')[1].split('; to mend it, ')[0]).toContain(allowed);
}

describe('a mistake ends synth with path, given, allowed and mend', () => {
  const metricsServerRows: Row<MetricsServerProps>[] = [
    ['name', { name: 'Metrics' }, "'Metrics'", 'lower-case'],
    ['name', { name: '9lives' }, "'9lives'", 'beginning with a letter'],
    ['name', { name: 'a'.repeat(64) }, `'${'a'.repeat(64)}'`, '63'],
    ['namespace', { namespace: 'kube_system' }, "'kube_system'", 'lower-case'],
    ['namespace', { namespace: 'a.b' }, "'a.b'", 'lower-case'],
    ["labels['a b']", { labels: { 'a b': 'c' } }, "'a b'", '63'],
    ["labels['team']", { labels: { team: 'a b' } }, "'a b'", '63'],
    ["labels['team']", { labels: { team: 7 } }, '7', 'text'],
    ["labels['k8s-app']", { labels: { 'k8s-app': 'other' } }, "'other'", 'as in selectorLabels'],
    ['selectorLabels', { selectorLabels: {} }, '{}', 'at least one'],
    ["selectorLabels['/a']", { selectorLabels: { '/a': 'b' } }, "'/a'", 'DNS subdomain'],
    ["nodeSelector['disk']", { nodeSelector: { disk: true } }, 'true', 'text'],
    ['serviceAccount.name', { serviceAccount: ServiceAccountRef.fromName('Robot') }, "'Robot'", 'lower-case'],
    ['priorityClassName', { priorityClassName: 'very important' }, "'very important'", 'lower-case'],
    ['image', { image: 'registry.example.com/a:1' }, "'registry.example.com/a:1'", 'Image.'],
    ['servingCertificate', { servingCertificate: 'selfManaged' }, "'selfManaged'", 'ServingCertificate.'],
    ['kubeletAccess', { kubeletAccess: true }, 'true', 'KubeletAccess.'],
    ['image', { image: Image.upstream('latest') }, "'registry.k8s.io/metrics-server/metrics-server:latest'", 'v0.3.0 to v0.9.x'],
    ['image', { image: Image.upstream('v1.0.0') }, "'registry.k8s.io/metrics-server/metrics-server:v1.0.0'", 'v0.3.0 to v0.9.x'],
    ['image', { image: Image.custom('a b', { compatibleWith: Image.companion() }) }, "'a b'", 'without spaces'],
    ['imagePullPolicy', { imagePullPolicy: 'Sometimes' }, "'Sometimes'", 'IfNotPresent'],
    ['replicas', { replicas: 0 }, '0', 'from 1 to 2147483647'],
    ['replicas', { replicas: 1.5 }, '1.5', 'whole number'],
    ['replicas', { replicas: NaN }, 'NaN', 'whole number'],
    ['resources.requests.cpu', { resources: { requests: { cpu: 'lots' } } }, "'lots'", 'quantity'],
    ['resources.requests.memory', { resources: { requests: { memory: '200MB' } } }, "'200MB'", 'Mi'],
    ['resources.limits.cpu', { resources: { limits: { cpu: '-1' } } }, "'-1'", 'zero or more'],
    ['resources.limits.memory', { resources: { limits: { memory: 200 } } }, '200', 'as text'],
    ['resources.limits.memory', { resources: { requests: { memory: '1Gi' }, limits: { memory: '1000Mi' } } }, "'1000Mi'", '1Gi or more'],
    ['resources.requests.ephemeralStorage', { resources: { requests: { ephemeralStorage: '500m' } } }, "'500m'", 'not fractions'],
    ['resources.limits.ephemeralStorage', { resources: { limits: { ephemeralStorage: 'much' } } }, "'much'", 'quantity'],
    ['resources.limits.ephemeralStorage', { resources: { requests: { ephemeralStorage: '2Gi' }, limits: { ephemeralStorage: '1Gi' } } }, "'1Gi'", '2Gi or more'],
    ['resources.limits.ephemeral-storage', { resources: { limits: { 'ephemeral-storage': '1Gi' } } }, "'1Gi'", 'no ephemeral-storage here'],
    ['tolerations[0].value', { tolerations: [{ value: 'x' }] }, "'x'", 'beside a key'],
    ['tolerations[1].effect', { tolerations: [{}, { effect: 'NoWay' }] }, "'NoWay'", 'NoSchedule'],
    ['tolerations[0].tolerationSeconds', { tolerations: [{ effect: TaintEffect.NO_SCHEDULE, tolerationSeconds: 5 }] }, '5', 'NoExecute'],
    ['securePort', { securePort: 0 }, '0', '1 to 65535'],
    ['securePort', { securePort: 70000 }, '70000', '1 to 65535'],
    ['sizing', { sizing: 500 }, '500', 'Sizing.'],
    ['sizing.nodes', { sizing: Sizing.forNodes(0) }, '0', '1 to 10000'],
    ['sizing.podsPerNode', { sizing: Sizing.forNodes(10, 0.5) }, '0.5', '1 to 1000'],
    ['sizing.options', { sizing: Sizing.nanny('large' as any) }, "'large'", 'options of a nanny'],
    ['threshold', { sizing: Sizing.nanny({ threshold: 101 }) }, '101', '0 to 100'],
    ['deployment', { sizing: Sizing.nanny(), replicas: 2 }, "'one with 2 replicas'", 'one replica'],
    ['platform', { platform: 'eks' }, "'eks'", 'Platform.'],
    ['clusterVersion', { clusterVersion: '1.34.4' }, "'1.34.4'", 'a Kubernetes minor'],
    ['clusterVersion', { clusterVersion: 'v1.34' }, "'v1.34'", 'a Kubernetes minor'],
    ['clusterVersion', { clusterVersion: 1.3 }, '1.3', 'as text'],
    ['clusterVersion', { clusterVersion: '1.9' }, "'1.9'", 'from 1.16 on'],
    ['highAvailability', { clusterVersion: '1.20', highAvailability: true }, "'set for a cluster of Kubernetes 1.20'", 'from Kubernetes 1.21 on'],
    ['disruptionBudget', { clusterVersion: '1.20', disruptionBudget: {} }, "'set for a cluster of Kubernetes 1.20'", 'policy/v1'],
    [
      'disruptionBudget.unhealthyPodEvictionPolicy',
      { clusterVersion: '1.26', disruptionBudget: { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW } },
      "'set for a cluster of Kubernetes 1.26'", 'from Kubernetes 1.27 on',
    ],
    ['hostUsers', { clusterVersion: '1.32', hostUsers: false }, "'set for a cluster of Kubernetes 1.32'", 'from Kubernetes 1.33 on'],
    [
      'topologySpreadConstraints[].minDomains, matchLabelKeys',
      { clusterVersion: '1.26', topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE, minDomains: 2 }] },
      "'set for a cluster of Kubernetes 1.26'", 'from Kubernetes 1.27 on',
    ],
    [
      'affinity.*.matchLabelKeys, mismatchLabelKeys',
      {
        clusterVersion: '1.30',
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { a: 'b' } }, topologyKey: 'zone', matchLabelKeys: ['c'] }] } },
      },
      "'set for a cluster of Kubernetes 1.30'", 'from Kubernetes 1.31 on',
    ],
    ['image', { clusterVersion: '1.18' }, "'ghcr.io", 'from Kubernetes 1.19 on'],
    ['image', { clusterVersion: '1.22', image: Image.upstream('v0.3.6'), servingCertificate: insecure }, "'k8s.gcr.io/metrics-server-amd64:v0.3.6 for", 'up to Kubernetes 1.21'],
    ['kubeletPort', { kubeletPort: 65536 }, '65536', '1 to 65535'],
    ['kubeletPort', { kubeletPort: 10250, kubeletAccess: KubeletAccess.readOnlyPort() }, '\'10250 beside KubeletAccess.readOnlyPort()\'', 'plain HTTP'],
    ['image', { image: Image.custom('a\u0000b', { compatibleWith: Image.companion() }) }, "'a\\u0000b'", 'printable ASCII'],
    ['containerSecurityContext.appArmorProfile.localhost', {
      containerSecurityContext: { appArmorProfile: SecurityProfile.localhost('x'.repeat(4096)) },
    }, `'${'x'.repeat(300)}…'`, 'up to 4095 bytes'],
    ['kubeletPort', { kubeletPort: '10250' }, "'10250'", 'whole number'],
    ['metricResolution', { metricResolution: Duration.seconds(5) }, "'5s'", '10s or more'],
    ['metricResolution', { metricResolution: Duration.millis(9999) }, "'9999ms'", '10s or more'],
    ['metricResolution', { metricResolution: 15 }, '15', 'Duration'],
    ['metricResolution', { metricResolution: Duration.days(110_000) }, "'9504000000000ms'", 'up to 292 years'],
    ['metricResolution', { metricResolution: Duration.millis(15000.5) }, "'15000.5ms'", 'whole milliseconds'],
    ['shutdownDelay', { shutdownDelay: Duration.millis(0.5) }, "'0.5ms'", 'whole seconds'],
    ['podSecurityContext.supplementalGroups[0]', { podSecurityContext: { supplementalGroups: Object.assign(new Array(2), { 1: 1 }) } }, 'undefined', 'whole number'],
    ['kubeletPreferredAddressTypes', { kubeletPreferredAddressTypes: Object.assign(new Array(2), { 1: NodeAddressType.HOSTNAME }) }, '[null,"Hostname"]', 'InternalIP'],
    ['replicas', { replicas: 2 ** 31 }, '2147483648', '1 to 2147483647'],
    ['livenessProbe.failureThreshold', { livenessProbe: { failureThreshold: 2 ** 31 } }, '2147483648', '1 to 2147483647'],
    ['readinessProbe.period', { readinessProbe: { period: Duration.seconds(2 ** 31) } }, "'2147483648000ms'", 'from 1 to 2147483647'],
    ['disruptionBudget.minAvailable', { disruptionBudget: { minAvailable: PercentOrAbsolute.absolute(2 ** 31) } }, '2147483648', '0 to 2147483647'],
    [
      'updateStrategy.maxSurge', { updateStrategy: UpdateStrategy.rollingUpdate({ maxSurge: PercentOrAbsolute.absolute(2 ** 31) }) },
      '2147483648', '0 to 2147483647',
    ],
    [
      'topologySpreadConstraints[0].maxSkew',
      { topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE, maxSkew: 2 ** 31 }] },
      '2147483648', '1 to 2147483647',
    ],
    [
      'topologySpreadConstraints[0].minDomains',
      { topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE, minDomains: 2 ** 31 }] },
      '2147483648', '1 to 2147483647',
    ],
    [
      'podSecurityContext.sysctls[1].name',
      { podSecurityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }, { name: 'net/ipv4/tcp_syncookies', value: '0' }] } },
      "'net/ipv4/tcp_syncookies'", 'each parameter once',
    ],
    ['metricResolution', { metricResolution: Duration.seconds(10) }, "'10s with a kubelet request timeout of 10s'", '0.9'],
    [
      'metricResolution', { metricResolution: Duration.seconds(30), kubeletRequestTimeout: Duration.seconds(28) },
      "'30s with a kubelet request timeout of 28s'", '0.9',
    ],
    ['metricRetention', { metricRetention: Duration.seconds(14) }, "'14s with a resolution of 15s'", 'from 15s to 150s'],
    [
      'metricRetention', { metricResolution: Duration.seconds(30), metricRetention: Duration.seconds(301) }, "'301s with a resolution of 30s'", 'from 30s to 300s',
    ],
    ['metricRetention', { metricRetention: 30 }, '30', 'Duration'],
    ['shutdownDelay', { shutdownDelay: Duration.millis(1500) }, "'1500ms'", 'whole seconds'],
    ['shutdownDelay', { shutdownDelay: '5s' }, "'5s'", 'Duration'],
    [
      'shutdownDelay', { shutdownDelay: Duration.seconds(30), terminationGracePeriod: Duration.seconds(30) },
      "'30s with a terminationGracePeriod of 30s'", 'less than terminationGracePeriod',
    ],
    ['extraArgs[0]', { extraArgs: ['--shutdown-delay-duration=5s'] }, "'--shutdown-delay-duration=5s'", 'what shutdownDelay is for'],
    ['nodeEvents', { nodeEvents: 'all' }, "'all'", 'true or false'],
    ['upstreamCompatible', { upstreamCompatible: 1 }, '1', 'true or false'],
    ['extraArgs[0]', { extraArgs: ['--upstream-compatible'] }, "'--upstream-compatible'", 'what upstreamCompatible is for'],
    ['kubeletSource', { kubeletSource: 'prometheus' }, "'prometheus'", 'resource, summary, auto'],
    ['watchContainerStates', { watchContainerStates: 'yes' }, "'yes'", 'true or false'],
    ['extraArgs[0]', { extraArgs: ['--watch-container-states'] }, "'--watch-container-states'", 'what watchContainerStates is for'],
    ['kubeletRequestTimeout', { kubeletRequestTimeout: Duration.seconds(0) }, "'0ms'", 'above zero'],
    ['kubeletPreferredAddressTypes', { kubeletPreferredAddressTypes: [] }, '[]', 'InternalIP'],
    ['kubeletPreferredAddressTypes', { kubeletPreferredAddressTypes: [NodeAddressType.of('internalip')] }, '["internalip"]', 'InternalIP'],
    ['kubeletPreferredAddressTypes', { kubeletPreferredAddressTypes: ['InternalIP'] }, '["InternalIP"]', 'InternalIP'],
    [
      'kubeletPreferredAddressTypes', { kubeletPreferredAddressTypes: [NodeAddressType.HOSTNAME, NodeAddressType.of('Hostname')] },
      '["Hostname","Hostname"]', 'each once',
    ],
    ['kubeletAccess.key', { kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('s'), 'dir/file') }, "'dir/file'", 'letters'],
    ['kubeletAccess.secret.name', { kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('S')) }, "'S'", 'lower-case'],
    ['kubeletAccess.configMap.name', { kubeletAccess: KubeletAccess.certificateAuthority(ConfigMapRef.fromName('a b')) }, "'a b'", 'lower-case'],
    ['image.compatibleWith', { image: Image.custom('a:b', { compatibleWith: 'v0.9.0' as any }) }, "'v0.9.0'", 'Image.'],
    ['metricResolution', { metricResolution: 0 }, '0', 'Duration'],
    ['resources', { resources: 'small' }, "'small'", 'requests, limits'],
    ['resources.cpu', { resources: { cpu: '100m' } }, "'100m'", 'requests, limits'],
    ['resources.requests.gpu', { resources: { requests: { gpu: '1' } } }, "'1'", 'cpu, memory'],
    ['resources.requests.memory', { resources: { requests: { memory: '200m' } } }, "'200m'", 'not fractions'],
    ['nodeSelector', { nodeSelector: 'linux' }, "'linux'", 'keys and values'],
    ['tolerations', { tolerations: {} }, '{}', 'a list'],
    ['tolerations[0]', { tolerations: [null] }, 'null', 'an object with key, value'],
    ['tolerations[0].operator', { tolerations: [{ key: 'a', operator: 'Exists' }] }, "'Exists'", 'no operator here'],
    ['tolerations[0].key', { tolerations: [{ key: 'a b' }] }, "'a b'", '63'],
    ['tolerations[0].value', { tolerations: [{ key: 'a', value: 'b c' }] }, "'b c'", '63'],
    ['kubeletUseNodeStatusPort', { kubeletUseNodeStatusPort: 'false' }, "'false'", 'without quotes'],
    [
      'kubeletUseNodeStatusPort', { kubeletUseNodeStatusPort: true, kubeletAccess: KubeletAccess.readOnlyPort() },
      "'true beside KubeletAccess.readOnlyPort()'", 'plain HTTP is refused',
    ],
    ['replica', { replica: 2 } as object, '2', 'replicas'],
    ['scrapeNodeSelector', { scrapeNodeSelector: 'a in b' }, "'a in b'", 'key in (a,b)'],
    ['scrapeNodeSelector', { scrapeNodeSelector: '' }, "''", 'key=value'],
    ['scrapeNodeSelector', { scrapeNodeSelector: 'a in (b,c' }, "'a in (b,c'", 'key in (a,b)'],
    ['scrapeNodeSelector', { scrapeNodeSelector: '!a=b' }, "'!a=b'", 'key=value'],
    ['scrapeNodeSelector', { scrapeNodeSelector: 'a=b,,c' }, "'a=b,,c'", 'key=value'],
    ['scrapeNodeSelector', { scrapeNodeSelector: `a=b,!${'c'.repeat(64)}` }, `'${'c'.repeat(64)}'`, 'up to 63'],
    ['scrapeNodeSelector', { scrapeNodeSelector: 'UPPER.com/a' }, "'UPPER.com/a'", 'an optional DNS subdomain'],
    ['scrapeNodeSelector', { scrapeNodeSelector: `${'a'.repeat(254)}/a in (b)` }, `'${'a'.repeat(254)}/a'`, 'an optional DNS subdomain'],
    ['scrapeNodeSelector', { scrapeNodeSelector: `a=${'b'.repeat(64)}` }, `'${'b'.repeat(64)}'`, 'up to 63'],
    ['scrapeNodeSelector', { scrapeNodeSelector: 'a notin (b, -c)' }, "'-c'", 'beginning and ending with a letter'],
    ['extraArgs[0]', { extraArgs: ['v=2'] }, "'v=2'", '--flag=value'],
    ['extraArgs[0]', { extraArgs: ['--metric-resolution=20s'] }, "'--metric-resolution=20s'", 'no property writes'],
    ['extraArgs[0]', { extraArgs: ['--metric_resolution=20s'] }, "'--metric_resolution=20s'", '--help'],
    ['extraArgs[0]', { extraArgs: ['--secure-port=443'] }, "'--secure-port=443'", 'what securePort is for'],
    ['extraArgs[1]', { extraArgs: ['--v=2', '--tls-cert-file=/a'] }, "'--tls-cert-file=/a'", 'what servingCertificate is for'],
    ['extraArgs[0]', { extraArgs: ['--kubelet-insecure-tls'] }, "'--kubelet-insecure-tls'", 'what kubeletAccess is for'],
    ['extraArgs[0]', { extraArgs: ['--v 2'] }, "'--v 2'", 'an element of its own'],
    ['extraArgs[0]', { extraArgs: ['--nope x y'] }, "'--nope x y'", 'an element of its own'],
    ['extraArgs[1]', { extraArgs: ['--v', '2'] }, "'2'", 'an element of its own'],
    ['extraArgs', { extraArgs: '--v=2' }, "'--v=2'", 'a list'],
  ];

  test.each(metricsServerRows)('MetricsServer %s %j', (property, props, given, allowed) => {
    expectMistake((chart) => new MetricsServer(chart, 'it', props as MetricsServerProps), property, given, allowed);
  });

  test.each<Row<MetricsServerProps>>([
    ['servingCertificate', { image: Image.upstream('v0.9.0') }, "'nothing, with", 'certManager(), ServingCertificate.fromSecret()'],
    ['kubeletRequestTimeout', { image: Image.upstream('v0.6.4'), kubeletRequestTimeout: Duration.seconds(5) }, "'5s, which needs", 'v0.7.0 or newer'],
    ['metricRetention', { image: Image.upstream('v0.9.0'), metricRetention: Duration.seconds(30) }, "'30s, which needs --metric-retention", 'companion image only'],
    ['shutdownDelay', { image: Image.upstream('v0.7.2'), shutdownDelay: Duration.seconds(5) }, "'5s, which needs --shutdown-delay-duration", 'v0.8.0 or newer'],
    ['nodeEvents', { image: Image.upstream('v0.9.0'), nodeEvents: true }, "'true, which needs", 'companion image only'],
    ['upstreamCompatible', { image: Image.upstream('v0.9.0'), upstreamCompatible: true }, "'true, which needs", 'companion image only'],
    ['kubeletSource', { image: Image.upstream('v0.9.0'), kubeletSource: KubeletSource.AUTO }, "'auto, which needs", 'companion image only'],
    ['watchContainerStates', { image: Image.upstream('v0.9.0'), watchContainerStates: true }, "'true, which needs", 'companion image only'],
    ['scrapeNodeSelector', { image: Image.upstream('v0.6.4'), scrapeNodeSelector: 'a=b' }, "'a=b, which needs", 'v0.7.0 or newer'],
    ['kubeletUseNodeStatusPort', { image: Image.upstream('v0.3.6'), kubeletUseNodeStatusPort: true }, "'true, which needs", 'v0.4.0 or newer'],
    ['extraArgs[0]', { image: Image.upstream('v0.7.2'), extraArgs: ['--request-timeout=5s'] }, "'--request-timeout=5s, which needs", 'v0.8.0 or newer'],
    ['extraArgs[0]', { image: Image.upstream('v0.9.0'), extraArgs: ['--kubelet-gzip'] }, "'--kubelet-gzip, which needs", 'companion image only'],
    ['extraArgs[0]', { image: Image.upstream('v0.9.0'), extraArgs: ['--kubelet-insecure-tsl'] }, "'--kubelet-insecure-tsl'", 'flags of metrics-server v0.9.0; did you mean --kubelet-insecure-tls?'],
    ['extraArgs[1]', { image: Image.upstream('v0.9.0'), extraArgs: ['--v=2', '--zzz'] }, "'--zzz'", 'flags of metrics-server v0.9.0'],
    ['extraArgs[0]', { image: Image.upstream('v0.9.0'), extraArgs: ['--request_timeout=5s'] }, "'--request_timeout=5s'", 'did you mean --request-timeout?'],
    ['extraArgs[0]', { image: Image.upstream('v0.7.0'), extraArgs: ['--logtostderr'] }, "'--logtostderr'", 'flags of metrics-server v0.7.0'],
    [
      'extraArgs[0]', { image: Image.custom('a:b', { compatibleWith: Image.upstream('v0.8.0') }), extraArgs: ['--profilling=false'] },
      "'--profilling=false'", 'flags of metrics-server v0.8.0; did you mean --profiling?',
    ],
    ['extraArgs[0]', { image: Image.upstream('v0.9.0'), extraArgs: ['--nope x y'] }, "'--nope x y'", 'an element of its own'],
  ])('MetricsServer %s, which the image cannot do', (property, props, given, allowed) => {
    const certificate = property === 'servingCertificate' ? undefined : insecure;
    expectMistake((chart) => new MetricsServer(chart, 'it', { servingCertificate: certificate, ...props } as MetricsServerProps), property, given, allowed);
  });

  test.each<Row<AggregatedApiServiceProps>>([
    ['name', { name: undefined }, 'undefined', 'lower-case'],
    ['name', { name: 'v1.api' }, "'v1.api'", 'lower-case'],
    ['service.name', { service: ServiceRef.fromName('') }, "''", 'lower-case'],
    ['selector', { selector: {} }, '{}', 'at least one'],
    ['selector', { selector: undefined }, 'undefined', 'at least one'],
    ['servicePort.port', { servicePort: { port: -1 } }, '-1', '1 to 65535'],
    ['servicePort.targetPort', { servicePort: { targetPort: 1e6 } }, '1000000', '1 to 65535'],
    ['groupVersions', { groupVersions: [] }, '[]', 'at least one'],
    ['groupVersions[0].group', { groupVersions: [{ group: 'apps', version: 'v1' }] }, "'apps'", 'does not serve itself'],
    ['groupVersions[0].group', { groupVersions: [{ group: 'networking.k8s.io', version: 'v2' }] }, "'networking.k8s.io'", 'does not serve itself'],
    ['groupVersions[0].group', { groupVersions: [{ group: 'wardle', version: 'v1' }] }, "'wardle'", 'a group with a dot'],
    ['namespace', { namespace: undefined }, 'undefined', 'here or of the chart'],
    ['groupVersions[0].group', { groupVersions: [{ group: 'Wardle', version: 'v1' }] }, "'Wardle'", 'lower-case'],
    ['groupVersions[0].groupPriorityMinimum', { groupVersions: [{ ...GROUP_VERSION, groupPriorityMinimum: 20001 }] }, '20001', '1 to 20000'],
    ['groupVersions[0].versionPriority', { groupVersions: [{ ...GROUP_VERSION, versionPriority: 0 }] }, '0', '1 to 1000'],
    ['groupVersions[1]', { groupVersions: [GROUP_VERSION, GROUP_VERSION] }, "'wardle.example.com/v1'", 'once'],
    ['caBundle', { caBundle: null }, 'null', 'PEM'],
    ['servicePort.name', { servicePort: { name: 'HTTPS!' } }, "'HTTPS!'", 'lower-case'],
    ['servicePort.appProtocol', { servicePort: { appProtocol: 'a b' } }, "'a b'", 'DNS subdomain'],
    ['insecureSkipTlsVerify', { insecureSkipTlsVerify: 'false' }, "'false'", 'without quotes'],
    ['name', { service: ServiceRef.fromName('a'), selector: undefined }, "'api'", 'only servicePort.port'],
    ['selector', { service: ServiceRef.fromName('a'), name: undefined }, '{"app":"api"}', 'only servicePort.port'],
    [
      'servicePort.targetPort', { service: ServiceRef.fromName('a'), name: undefined, selector: undefined, servicePort: { port: 1, targetPort: 2 } },
      '2', 'only servicePort.port',
    ],
    ['caBundle', { caBundle: CA_CERTIFICATE, insecureSkipTlsVerify: true }, "'a CA beside insecureSkipTlsVerify'", 'one of the two'],
    ['caBundle', { caBundle: SERVING_CERTIFICATE }, "'a certificate of CN=metrics-server that CN=test-ca signed'", 'certificate of a CA'],
    ['caBundle', { caBundle: CA_CERTIFICATE.replace(/\n.+\n/, '\n') }, "'as certificate 1 of 1 something that is none'", 'CA certificates in PEM'],
    ['caBundle', { caBundle: `${CA_CERTIFICATE}-----BEGIN EC PRIVATE KEY-----` }, "'a private key'", 'CA certificates in PEM'],
    ['caBundle', { caBundle: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t' }, "'LS0tLS1CRUdJTiBDRVJU…'", 'PEM'],
  ])('AggregatedApiService %s %j', (property, props, given, allowed) => {
    const valid = { name: 'api', namespace: 'wardle', selector: { app: 'api' }, groupVersions: [GROUP_VERSION] };
    expectMistake((chart) => new AggregatedApiService(chart, 'it', { ...valid, ...props } as AggregatedApiServiceProps), property, given, allowed);
  });

  test.each<Row<ExtensionApiServerProps>>([
    ['name', { name: '-' }, "'-'", 'lower-case'],
    ['image', { image: '' }, "''", 'an image reference'],
    ['args[0]', { args: ['--cert-dir=/certs'] }, "'--cert-dir=/certs'", 'what servingCertificate is for'],
    ['args[1]', { args: ['serve', '--secure-port', '443'] }, "'--secure-port'", 'what securePort is for'],
    [
      'args[0]', { servingCertificate: ServingCertificate.selfManaged(), args: ['--tls-cert-file=/a'] },
      "'--tls-cert-file=/a'", 'what servingCertificate is for',
    ],
    ['args[0]', { shutdownDelay: Duration.seconds(5), args: ['--shutdown-delay-duration=1s'] }, "'--shutdown-delay-duration=1s'", 'what shutdownDelay is for'],
    ['shutdownDelay', { shutdownDelay: Duration.millis(1500) }, "'1500ms'", 'whole seconds'],
    ['shutdownDelay', { shutdownDelay: Duration.seconds(30), terminationGracePeriod: Duration.seconds(30) }, "'30s with", 'less than terminationGracePeriod'],
    ['platform', { platform: 'eks' }, "'eks'", 'Platform.'],
    ['groupVersions', { groupVersions: [] }, '[]', 'at least one'],
    ['args', { args: '--v=2' }, "'--v=2'", 'a list'],
    ['args[0]', { args: [2] }, '2', 'text'],
    ['groupVersions', { groupVersions: undefined }, 'undefined', 'a list'],
    ['groupVersions[0].version', { groupVersions: [{ group: 'a.b', version: '1' }] }, "'1'", 'beginning with a letter'],
    ['clusterRules', { clusterRules: { verbs: ['get'] } }, '{"verbs":["get"]}', 'a list'],
    ['clusterRules[0]', { clusterRules: [{ verbs: ['get'] }] }, "'verbs alone'", 'apiGroups and resources'],
    ['clusterRules[0]', { clusterRules: [{ resources: ['pods'], verbs: ['get'] }] }, "'verbs with resources'", 'apiGroups and resources'],
    ['clusterRules[0].verbs', { clusterRules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] }, '[]', 'at least one'],
    ['clusterRules[0].verbs[0]', { clusterRules: [{ apiGroups: [''], resources: ['pods'], verbs: [''] }] }, "''", 'not empty'],
    [
      'clusterRules[0]', { clusterRules: [{ apiGroups: [''], resources: ['pods'], nonResourceUrls: ['/metrics'], verbs: ['get'] }] },
      "'verbs with apiGroups, nonResourceUrls, resources'", 'nonResourceUrls alone',
    ],
    ['clusterRules[0].nonResourceURLs', { clusterRules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] }, '["/metrics"]', 'nonResourceUrls'],
    ['clusterRules[0].nonResourceUrls[0]', { clusterRules: [{ nonResourceUrls: ['metrics'], verbs: ['get'] }] }, "'metrics'", 'begins with /'],
  ])('ExtensionApiServer %s %j', (property, props, given, allowed) => {
    const valid = { name: 'api', namespace: 'wardle', image: 'api:1', groupVersions: [GROUP_VERSION], servingCertificate: insecure };
    expectMistake((chart) => new ExtensionApiServer(chart, 'it', { ...valid, ...props } as ExtensionApiServerProps), property, given, allowed);
  });

  test.each<Row<KubeletServingApproverProps>>([
    ['name', { name: 'Approver' }, "'Approver'", 'lower-case'],
    ['namespace', { namespace: 'kube.system' }, "'kube.system'", 'lower-case'],
    ['labels[\'app.kubernetes.io/name\']', { labels: { 'app.kubernetes.io/name': 'other' } }, "'other'", "'kubelet-serving-approver', by which"],
    ['labels[\'team\']', { labels: { team: 'a b' } }, "'a b'", 'letters'],
    ['image', { image: Image.upstream('v0.9.0') }, "'registry.k8s.io/metrics-server/metrics-server:v0.9.0'", 'the companion image'],
    ['image', { image: 'metrics-server:1' }, "'metrics-server:1'", 'Image.'],
    ['imagePullPolicy', { imagePullPolicy: 'Sometimes' }, "'Sometimes'", 'IfNotPresent'],
    ['imagePullSecrets[0].name', { imagePullSecrets: [{ name: 'My Secret' }] }, "'My Secret'", 'lower-case'],
    ['replicas', { replicas: -1 }, '-1', '0 to'],
    ['replicas', { replicas: 1.5 }, '1.5', 'whole'],
    ['resources.limits.memory', { resources: { limits: { memory: 'much' } } }, "'much'", 'quantity'],
    ['resources.limits.memory', { resources: { limits: { memory: '32Mi' } } }, "'32Mi", '64Mi'],
    ['priorityClassName', { priorityClassName: 'Very High' }, "'Very High'", 'lower-case'],
    ['nodeSelector[\'pool\']', { nodeSelector: { pool: 'a b' } }, "'a b'", 'letters'],
    ['tolerations[0].operator', { tolerations: [{ key: 'a', operator: 'Exists' } as any] }, "'Exists'", 'no operator'],
    ['args', { args: ['--v=4'] } as any, '["--v=4"]', 'name, namespace, labels'],
  ])('KubeletServingApprover %s %j', (property, props, given, allowed) => {
    expectMistake((chart) => new KubeletServingApprover(chart, 'it', props as KubeletServingApproverProps), property, given, allowed);
  });

  test.each<Row<NannySidecarProps>>([
    ['cpu', { cpu: { base: '0m', perNode: '1m' }, memory: { base: '1Mi', perNode: '0' }, estimator: NannyEstimator.linear() }, "'base 0m", 'above 0'],
    ['cpu.base', { cpu: { base: 'x', perNode: '1m' }, memory: { base: '1Mi', perNode: '0' } }, "'x'", 'quantity'],
    ['memory.perNode', { cpu: { base: '1m', perNode: '1m' }, memory: { base: '1Mi', perNode: '2MB' } }, "'2MB'", 'quantity'],
    ['memory', { cpu: { base: '40m', perNode: '1m' } }, "'set on container metrics-server, not estimated'", 'here cpu'],
    ['estimator', { estimator: 'linear' }, "'linear'", 'NannyEstimator.'],
    ['threshold', { threshold: 101 }, '101', '0 to 100'],
    ['image', { image: '' }, "''", 'without spaces'],
    ['pollPeriod', { pollPeriod: 0 }, '0', 'Duration'],
    ['pollPeriod', { pollPeriod: Duration.millis(0) }, "'0ms'", 'above zero'],
    ['useMetrics', { useMetrics: 'no' }, "'no'", 'without quotes'],
    ['memory.base', { cpu: { base: '1m', perNode: '1m' }, memory: { base: '40m', perNode: '2Mi' } }, "'40m'", 'not fractions'],
    ['estimator.minClusterSize', { estimator: NannyEstimator.exponential(1) }, '1', '2 or more'],
    ['resources.limits.cpu', { resources: { limits: { cpu: 'fast' } } }, "'fast'", 'quantity'],
    ['threshold', { threshold: 0, cpu: { base: '40m', perNode: '0.5m' }, memory: { base: '1Mi', perNode: '0' } }, "'0 with 40m", 'whole millicores'],
    ['image', { image: 'mirror.example.com/addon-resizer:2.3' }, "'mirror.example.com/addon-resizer:2.3'", 'addon-resizer 1.8'],
    ['cpu', { image: 'addon-resizer:1.8.0' }, "'--cpu=0m with addon-resizer 1.8.0'", '1.8.1 or newer'],
    ['estimator', { image: 'addon-resizer:1.8.1' }, "'--minClusterSize=100 with addon-resizer 1.8.1'", '1.8.4 or newer'],
    ['useMetrics', { image: 'addon-resizer:1.8.8', useMetrics: true }, "'--use-metrics=true with addon-resizer 1.8.8'", '1.8.9 or newer'],
    ['scaleUpDelay', { image: 'addon-resizer:1.8.7', scaleUpDelay: Duration.minutes(1) }, "'--scale-up-delay=60000ms with", '1.8.8 or newer'],
    ['extraArgs[0]', { extraArgs: ['--running-in-cluster=true'] }, "'--running-in-cluster=true'", 'flags of addon-resizer 1.8'],
    ['extraArgs[0]', { extraArgs: ['--threshold=7'] }, "'--threshold=7'", 'threshold is for'],
    ['extraArgs[1]', { extraArgs: ['--v=4', '--expose-metrics=true'], image: 'addon-resizer:1.8.21' }, "'--expose-metrics=true'", '1.8.22 or newer'],
    [
      'useMetrics', { image: 'addon-resizer:1.8.23', useMetrics: true, clusterVersion: '1.37' },
      "'true with addon-resizer 1.8.23, for a cluster of Kubernetes 1.37'", 'addon-resizer 1.8.24 or newer',
    ],
    ['clusterVersion', { clusterVersion: '37' }, "'37'", 'a Kubernetes minor'],
    ['containerSecurityContext.runAsUser', { containerSecurityContext: { runAsUser: -1 } }, '-1', '0 to'],
    ['imagePullPolicy', { imagePullPolicy: 'Sometimes' }, "'Sometimes'", 'IfNotPresent'],
    ['extraArgs[0]', { extraArgs: ['--scaling-mode=container-proportional'] }, "'--scaling-mode=", 'no rights'],
    ['configuration.configMap', { configuration: NannyConfiguration.existing('name' as any) }, "'name'", 'an object with a name'],
    ['configuration.name', { configuration: NannyConfiguration.ensureExists('My Config') }, "'My Config'", 'lower-case'],
  ])('NannySidecar %s %j', (property, options, given, allowed) => {
    expectMistake((chart) => {
      new NannySidecar(chart, 'it', { deployment: new MetricsServer(chart, 'server'), ...options } as any);
    }, property, given, allowed);
  });

  test('NannySidecar container, of several or of a name that is not there', () => {
    expectMistake((chart) => {
      new NannySidecar(chart, 'it', { deployment: new MetricsServer(chart, 'server'), container: 'main' });
    }, 'container', "'main'", 'metrics-server');
  });

  test('NannySidecar deployment, which is something else', () => {
    expectMistake((chart) => {
      new NannySidecar(chart, 'it', { deployment: new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod' }) });
    }, 'deployment', "'the Pod test/pod'", 'a Deployment');
    expectMistake((chart) => {
      new NannySidecar(chart, 'it', { deployment: new AuthDelegatorBindings(chart, 'auth', { serviceAccount: { name: 'sa' }, namespace: 'wardle' }) });
    }, 'deployment', "'test/auth'", 'a Deployment');
  });

  test('NannySidecar deployment, whose name is too long for the nanny\'s container', () => {
    expectMistake((chart) => {
      new NannySidecar(chart, 'it', { deployment: new MetricsServer(chart, 'server', { name: 'a'.repeat(58) }) });
    }, 'deployment', `'a Deployment named ${'a'.repeat(58)}'`, 'up to 57 characters');
  });

  test('NannySidecar deployment, of which there are several pods', () => {
    expectMistake((chart) => {
      new MetricsServer(chart, 'it', { replicas: 2 }).server.addNanny();
    }, 'deployment', "'one with 2 replicas'", 'one replica');
  });

  test('objects of another namespace', () => {
    const other = (chart: Chart) => new Chart(chart, 'other', { namespace: 'other' });
    const metadata = { name: 'a' };
    expectMistake((chart) => {
      new MetricsServer(chart, 'it', { serviceAccount: new plus.ServiceAccount(other(chart), 'sa', { metadata }) });
    }, 'serviceAccount', "'test/other/sa/Resource in namespace other'", 'one in namespace kube-system');
    expectMistake((chart) => {
      new MetricsServer(chart, 'it', { kubeletAccess: KubeletAccess.kubeconfig(new plus.Secret(other(chart), 'secret', { metadata })) });
    }, 'kubeletAccess.secret', "'test/other/secret/Resource in namespace other'", 'one in namespace kube-system');
    expectMistake((chart) => {
      const serviceAccount = new ApiObject(other(chart), 'sa', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
      new AuthDelegatorBindings(chart, 'it', { serviceAccount, namespace: 'wardle' });
    }, 'serviceAccount', "'test/other/sa in namespace other'", 'one in namespace wardle');
  });

  test('a server of one\'s own without a namespace', () => {
    for (const add of [
      (chart: Chart) => new ExtensionApiServer(chart, 'it', { name: 'api', image: 'api:1', groupVersions: [GROUP_VERSION], servingCertificate: insecure }),
      (chart: Chart) => new AuthDelegatorBindings(chart, 'it', { serviceAccount: { name: 'a' } }),
    ]) {
      expectMistake(add, 'namespace', 'undefined', 'a namespace, here or of the chart');
      expect(() => add(testChart({ namespace: 'wardle' }))).not.toThrow();
    }
  });

  test('a slip in a flag that a property writes, whose mend is the property', () => {
    const slip = { image: Image.upstream('v0.9.0'), servingCertificate: insecure, extraArgs: ['--kubelet-insecure-tsl'] };
    expect(() => new MetricsServer(testChart(), 'it', slip)).toThrow('to mend it, set kubeletAccess, which is for --kubelet-insecure-tls, or remove --kubelet-insecure-tsl');
  });

  test('but not flags that releases took before they were dropped, in both spellings, nor shorthands', () => {
    for (const [release, arg] of [['v0.6.4', '--logtostderr'], ['v0.6.4', '--log_dir=/tmp'], ['v0.3.6', '--source=a'], ['v0.9.0', '-v=2'], ['v0.9.0', '--profiling=false']]) {
      expect(() => new MetricsServer(testChart(), 'it', { image: Image.upstream(release), servingCertificate: insecure, extraArgs: [arg] })).not.toThrow();
    }
  });

  test('a flag and its value in one string, whose mend is the right spelling', () => {
    for (const extraArgs of [['--v 2'], ['--v', '2']]) {
      expect(() => new MetricsServer(testChart(), 'it', { extraArgs })).toThrow('write --v=2');
    }
  });

  test('NannySidecar deployment, which has a nanny', () => {
    expectMistake((chart) => {
      const { server } = new MetricsServer(chart, 'it');
      server.addNanny();
      new NannySidecar(chart, 'it2', { deployment: server, container: 'metrics-server' });
    }, 'deployment', "'one with a container metrics-server-nanny'", 'one nanny');
  });

  test('a second nanny, also beside Sizing.nanny()', () => {
    expectMistake((chart) => {
      new MetricsServer(chart, 'it', { sizing: Sizing.nanny() }).addNanny();
    }, 'addNanny', "'a second nanny'", 'one nanny');
  });

  test('a namespace on a cluster-scoped object', () => {
    expectMistake((chart) => {
      const { server } = new MetricsServer(chart, 'it');
      server.clusterRole!.addJsonPatch(JsonPatch.add('/metadata/namespace', 'kube-system'));
    }, 'metadata.namespace', "'kube-system'", 'a ClusterRole is cluster-scoped');
  });

  test('a group version with two owners in one tree', () => {
    expectMistake((chart) => {
      new MetricsServer(chart, 'it');
      new MetricsServer(chart, 'it2', { name: 'other' });
    }, 'groupVersions', "'v1beta1.metrics.k8s.io, which test/it/Server/AggregatedApiService/v1beta1.metrics.k8s.io registers as well'", 'one APIService');
  });

  describe('says what to write instead of', () => {
    const server = (props: object) => new ExtensionApiServer(testChart(), 'it', {
      name: 'wardle', namespace: 'wardle', image: 'a:1', groupVersions: [GROUP_VERSION], servingCertificate: insecure, ...props,
    });
    const metricsServer = (props: object) => new MetricsServer(testChart(), 'it', props);

    test.each<[string, () => unknown, string]>([
      ['a misspelt property', () => metricsServer({ replica: 2 }), 'replica: given 2; allowed: no replica here; did you mean replicas?; to mend it, write replicas'],
      ['a factory\'s name', () => metricsServer({ platform: 'eks' }), 'Platform.openshift() return; to mend it, write platform as in Platform.eks()'],
      ['something else than a factory makes', () => metricsServer({ platform: 7 }), 'to mend it, write platform as in Platform.aks()'],
      [
        'a certificate that was left out and that the image cannot keep', () => metricsServer({ image: Image.upstream('v0.8.0') }),
        'servingCertificate: given \'nothing, with registry.k8s.io/metrics-server/metrics-server:v0.8.0\'',
      ],
      ['an operator', () => metricsServer({ tolerations: [{ operator: 'Exists' }] }), 'leave operator out: with a value it is Equal, without one Exists'],
      ['a probe\'s httpGet', () => metricsServer({ livenessProbe: { httpGet: { path: '/a' } } }), 'write its path as path'],
      ['a property of MetricsServer', () => server({ nodeEvents: true }), 'nodeEvents: given true; allowed: no nodeEvents here; to mend it, remove it: it is a property of MetricsServer only'],
      ['serviceAccountName', () => metricsServer({ serviceAccountName: 'a' }), 'write serviceAccount: ServiceAccountRef.fromName(…) for one that exists, or createdServiceAccountName'],
      ['the ServiceAccount default', () => metricsServer({ createdServiceAccountName: 'default' }), 'set serviceAccount to ServiceAccountRef.fromName(\'default\')'],
      ['extraArgs', () => server({ extraArgs: ['--v=2'] }), 'write args: extraArgs is a property of MetricsServer and MetricsAdapter'],
      ['args', () => metricsServer({ args: ['--v=2'] }), 'write extraArgs'],
      ['a container without a name', () => metricsServer({}).addContainer({ image: 'a:1' }), 'set container.name to a name such as proxy'],
      ['no nodes', () => metricsServer({ sizing: Sizing.forNodes(0) }), '; to mend it, write sizing as in Sizing.forNodes(100)'],
    ])('%s', (_, synthesize, mend) => {
      expect(synthesize).toThrow(mend);
    });
  });
});
