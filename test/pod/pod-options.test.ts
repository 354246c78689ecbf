import { Duration } from 'cdk8s';
import {
  ConfigMapRef, EmptyDirMedium, EnvValue, ExtensionApiServer, HostPathType, Image, KubeletAccess, MetricsServer, MetricsServerProps, Platform,
  SecretRef, SecurityProfile, ServingCertificate, UnsatisfiableConstraintAction, Volume,
} from '../../src';
import { argsOf, objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

function deploymentOf(props: MetricsServerProps) {
  const chart = testChart();
  new MetricsServer(chart, 'it', props);
  return objectOf(chart, 'Deployment');
}

const podOf = (props: MetricsServerProps) => deploymentOf(props).spec.template.spec;
const containerOf = (props: MetricsServerProps) => podOf(props).containers[0];
const synthesize = (props: object) => () => deploymentOf(props as MetricsServerProps);

const V03 = { image: Image.upstream('v0.3.6'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };

describe('the pods', () => {
  test('have labels and annotations of their own', () => {
    const { metadata, spec } = deploymentOf({ labels: { team: 'a' }, podLabels: { tier: 'b' }, podAnnotations: { 'example.com/Scrape': 'yes, please' } });

    expect(spec.template.metadata.labels).toEqual({ 'k8s-app': 'metrics-server', 'team': 'a', 'tier': 'b' });
    expect(spec.template.metadata.annotations).toEqual({ 'example.com/Scrape': 'yes, please' });
    expect(metadata.labels).not.toHaveProperty('tier');
    expect(spec.selector.matchLabels).toEqual({ 'k8s-app': 'metrics-server' });
  });

  test('ask for local storage by the name that the Kubernetes API has for it', () => {
    const resources = { requests: { ephemeralStorage: '1Gi' }, limits: { memory: '1Gi', ephemeralStorage: '2Gi' } };

    expect(containerOf({ resources }).resources).toEqual({
      requests: { 'cpu': '67m', 'memory': '200Mi', 'ephemeral-storage': '1Gi' }, limits: { 'memory': '1Gi', 'ephemeral-storage': '2Gi' },
    });
  });

  test('have the environment that is given, in the order of its names', () => {
    const { env } = podOf({
      env: {
        TOKEN: EnvValue.fromSecret(SecretRef.fromName('registry'), 'token'),
        PROXY: EnvValue.fromConfigMap(ConfigMapRef.fromName('proxy'), 'url'),
        NODE: EnvValue.fromField('spec.nodeName'),
        LANG: EnvValue.fromText('C'),
      },
    }).containers[0];

    expect(env).toEqual([
      { name: 'LANG', value: 'C' },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'PROXY', valueFrom: { configMapKeyRef: { name: 'proxy', key: 'url' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'registry', key: 'token' } } },
    ]);
  });

  test('are placed as their properties say, in the terms of the Kubernetes API', () => {
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: 'zone' }] } };
    const spec = podOf({
      affinity,
      schedulerName: 'packer',
      runtimeClassName: 'gvisor',
      hostUsers: false,
      terminationGracePeriod: Duration.minutes(1),
      imagePullSecrets: [SecretRef.fromName('registry')],
      dnsConfig: { nameservers: ['10.96.0.10'], searches: ['svc.cluster.local'], options: [{ name: 'ndots', value: '2' }] },
    });

    expect(spec).toMatchObject({
      affinity,
      schedulerName: 'packer',
      runtimeClassName: 'gvisor',
      hostUsers: false,
      terminationGracePeriodSeconds: 60,
      imagePullSecrets: [{ name: 'registry' }],
      dnsConfig: { nameservers: ['10.96.0.10'], searches: ['svc.cluster.local'], options: [{ name: 'ndots', value: '2' }] },
    });
  });

  test('are counted by their own labels where a spread does not say whose', () => {
    const spread = { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE };

    expect(podOf({ topologySpreadConstraints: [spread] }).topologySpreadConstraints).toEqual([
      { ...spread, maxSkew: 1, labelSelector: { matchLabels: { 'k8s-app': 'metrics-server' } } },
    ]);
    expect(podOf({ topologySpreadConstraints: [{ ...spread, maxSkew: 2, labelSelector: { matchLabels: { a: 'b' } } }] }).topologySpreadConstraints).toEqual([
      { ...spread, maxSkew: 2, labelSelector: { matchLabels: { a: 'b' } } },
    ]);
  });

  test('that are highly available keep away from each other, whatever nodes were asked for', () => {
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [] };
    const { affinity } = podOf({ highAvailability: true, affinity: { nodeAffinity } });

    expect(affinity.nodeAffinity).toEqual(nodeAffinity);
    expect(affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
    expect(podOf({ highAvailability: true, affinity: { podAntiAffinity: {} } }).affinity.podAntiAffinity).toEqual({});
  });
});

describe('the node\'s network', () => {
  test('comes with the cluster\'s DNS and a port that no kubelet has', () => {
    const chart = testChart();
    new MetricsServer(chart, 'it', { hostNetwork: true });
    const { spec } = objectOf(chart, 'Deployment').spec.template;

    expect(spec).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
    expect(spec.containers[0].ports).toEqual([{ name: 'https', containerPort: 4443, hostPort: 4443, protocol: 'TCP' }]);
    expect(argsOf(chart)).toContain('--secure-port=4443');
    expect(objectOf(chart, 'Service').spec.ports[0].targetPort).toBe('https');
  });

  test('keeps a port that was given, or that the image has', () => {
    expect(containerOf({ hostNetwork: true, securePort: 8443 }).ports[0]).toMatchObject({ containerPort: 8443, hostPort: 8443 });
    expect(podOf({ hostNetwork: false })).not.toHaveProperty('hostNetwork');
    expect(containerOf({ ...V03, hostNetwork: true })).not.toHaveProperty('args');
  });

  test('takes a free port also where the platform would say the kubelet\'s', () => {
    expect(containerOf({ hostNetwork: true, platform: Platform.gke(), apiServices: false }).ports[0].containerPort).toBe(4443);
  });

  test.each<[string, object, RegExp]>([
    ['the kubelet\'s port', { securePort: 10250 }, /securePort: given '10250 beside hostNetwork'/],
    ['a user namespace', { hostUsers: false }, /hostUsers: given 'false beside hostNetwork'/],
    ['the node\'s kernel parameters', { podSecurityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '9' }] } }, /sysctls\[0\]\.name: given 'net\.core\.somaxconn/],
  ])('refuses %s', (_, props, message) => {
    expect(synthesize({ hostNetwork: true, ...props })).toThrow(message);
    expect(synthesize(props)).not.toThrow();
  });
});

describe('the container\'s security context', () => {
  const restricted = containerOf({}).securityContext;

  test('is the restricted one, but for what is given', () => {
    expect(containerOf({ containerSecurityContext: { runAsUser: 65532, seLinuxOptions: { level: 's0' } } }).securityContext).toEqual({
      ...restricted, runAsUser: 65532, seLinuxOptions: { level: 's0' },
    });
    expect(containerOf({ containerSecurityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }).securityContext.capabilities).toEqual({
      add: ['NET_BIND_SERVICE'], drop: ['ALL'],
    });
    expect(containerOf({ containerSecurityContext: { seccompProfile: SecurityProfile.localhost('a/b.json') } }).securityContext.seccompProfile).toEqual({
      type: 'Localhost', localhostProfile: 'a/b.json',
    });
    expect(containerOf({ containerSecurityContext: {} }).securityContext).toEqual(restricted);
  });

  test('is what is given alone for an image that has none', () => {
    expect(containerOf({ ...V03, containerSecurityContext: { runAsUser: 1 } }).securityContext).toEqual({ runAsUser: 1 });
    expect(containerOf(V03)).not.toHaveProperty('securityContext');
  });

  test('cannot contradict itself, defaults included', () => {
    expect(synthesize({ containerSecurityContext: { privileged: true } })).toThrow(/allowPrivilegeEscalation: given 'false beside privileged'/);
    expect(synthesize({ containerSecurityContext: { privileged: true, allowPrivilegeEscalation: true } })).not.toThrow();
    expect(synthesize({ containerSecurityContext: { runAsUser: 0 } })).toThrow(/runAsUser: given 0/);
    expect(synthesize({ containerSecurityContext: { runAsUser: 0, runAsNonRoot: false } })).not.toThrow();
    expect(synthesize({ podSecurityContext: { runAsUser: 0, runAsNonRoot: true } })).toThrow(/podSecurityContext\.runAsUser: given 0/);
  });

  test('stands beside the pod\'s', () => {
    const { securityContext } = podOf({ podSecurityContext: { fsGroup: 2000, appArmorProfile: SecurityProfile.unconfined() } });

    expect(securityContext).toEqual({ fsGroup: 2000, appArmorProfile: { type: 'Unconfined' } });
  });
});

describe('probes', () => {
  test('keep what is not given', () => {
    const usual = containerOf({});
    const probed = containerOf({
      livenessProbe: { path: '/healthz', timeout: Duration.seconds(5) }, readinessProbe: { initialDelay: Duration.seconds(0), failureThreshold: 9 },
    });

    expect(probed.livenessProbe).toEqual({ ...usual.livenessProbe, httpGet: { path: '/healthz', port: 'https', scheme: 'HTTPS' }, timeoutSeconds: 5 });
    expect(probed.readinessProbe).toEqual({ ...usual.readinessProbe, initialDelaySeconds: 0, failureThreshold: 9 });
  });

  test('of an image that has none ask its port by number, at a path that has to be given', () => {
    expect(containerOf({ ...V03, livenessProbe: { path: '/healthz' } }).livenessProbe.httpGet).toEqual({ path: '/healthz', port: 443, scheme: 'HTTPS' });
    expect(synthesize({ ...V03, livenessProbe: { period: Duration.seconds(5) } })).toThrow(/livenessProbe\.path: given undefined/);
  });
});

describe('volumes', () => {
  test('are written as the Kubernetes API has them', () => {
    const extraVolumes = [
      Volume.configMap('a', ConfigMapRef.fromName('settings'), { items: { z: 'last', b: 'dir/first' }, defaultMode: 0o400, optional: true }),
      Volume.secret('b', SecretRef.fromName('token')),
      Volume.hostPath('c', '/etc/ssl', HostPathType.DIRECTORY),
      Volume.persistentVolumeClaim('d', 'claim', true),
      Volume.fromSource('e', { csi: { driver: 'example.com', volumeAttributes: { of: 'tomorrow' } } }),
    ];

    expect(podOf({ tmpVolume: Volume.emptyDir('tmp', { medium: EmptyDirMedium.MEMORY, sizeLimit: '16Mi' }), extraVolumes }).volumes).toEqual([
      { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      { name: 'a', configMap: { name: 'settings', items: [{ key: 'b', path: 'dir/first' }, { key: 'z', path: 'last' }], defaultMode: 256, optional: true } },
      { name: 'b', secret: { secretName: 'token' } },
      { name: 'c', hostPath: { path: '/etc/ssl', type: 'Directory' } },
      { name: 'd', persistentVolumeClaim: { claimName: 'claim', readOnly: true } },
      { name: 'e', csi: { driver: 'example.com', volumeAttributes: { of: 'tomorrow' } } },
    ]);
  });

  test('are mounted into the server\'s container', () => {
    const mount = { name: 'a', mountPath: '/a', readOnly: true, subPath: 'b' };
    const { volumeMounts } = containerOf({
      tmpVolume: Volume.emptyDir('tmp'), extraVolumes: [Volume.emptyDir('a')], extraVolumeMounts: [mount],
    });

    expect(volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }, mount]);
  });

  test.each<[string, MetricsServerProps, RegExp]>([
    ['the same name', { extraVolumes: [Volume.emptyDir('a'), Volume.emptyDir('a')] }, /volumes: given 'a'; allowed: each name once/],
    ['the name of another property\'s', { extraVolumes: [Volume.emptyDir('kubeconfig')], kubeletAccess: KubeletAccess.kubeconfig({ name: 'a' }) }, /volumes: given 'kubeconfig'/],
    ['the same path', { extraVolumeMounts: [{ name: 'tmp-dir', mountPath: '/tmp' }] }, /volumeMounts of container metrics-server: given '\/tmp'; allowed: each mountPath once/],
    ['a mount without a volume', { extraVolumeMounts: [{ name: 'tpm', mountPath: '/a' }] }, /given 'tpm'; allowed: tmp-dir; to mend it, add a volume of that name/],
  ])('are refused with %s', (_, props, message) => {
    expect(synthesize(props)).toThrow(message);
  });
});

test('every extension API server has these properties', () => {
  const chart = testChart();
  new ExtensionApiServer(chart, 'it', { ...WARDLE, servingCertificate: ServingCertificate.selfManaged(), hostNetwork: true });

  expect(argsOf(chart)).toContain('--secure-port=4443');
});

describe('a mistake is named with what is allowed and how to mend it', () => {
  const node = (requirement: object, list = 'matchExpressions') => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ [list]: [requirement] }] } } },
  });
  const pod = (term: object) => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { a: 'b' } }, topologyKey: 'a', ...term }] } },
  });
  const spread = (constraint: object) => ({ topologySpreadConstraints: [{ topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway', ...constraint }] });
  const volume = (extraVolume: Volume) => ({ extraVolumes: [extraVolume] });
  const mount = (options: object) => ({ extraVolumeMounts: [{ name: 'tmp-dir', mountPath: '/a', ...options }] });
  const security = (containerSecurityContext: object) => ({ containerSecurityContext });

  test.each<[string, object, RegExp]>([
    ['podLabels', { podLabels: { 'k8s-app': 'other' } }, /podLabels\['k8s-app'\]: given 'other'; allowed: 'metrics-server'/],
    ['podAnnotations', { podAnnotations: { a: true } }, /podAnnotations\['a'\]: given true; allowed: text/],
    ['podAnnotations', { podAnnotations: { 'a b': '' } }, /podAnnotations\['a b'\]/],
    ['imagePullSecrets', { imagePullSecrets: ['registry'] }, /imagePullSecrets\[0\]: given 'registry'; allowed: an object with a name/],
    ['imagePullSecrets', { imagePullSecrets: [{ name: 'a' }, { name: 'a' }] }, /imagePullSecrets\[1\]: given 'a'; allowed: each Secret once/],
    ['hostNetwork', { hostNetwork: 'true' }, /hostNetwork: given 'true'; allowed: true or false/],
    ['env', { env: [{ name: 'A', value: 'b' }] }, /env: given .*; allowed: names of variables, each with a value; to mend it, write env as in/],
    ['env', { env: { A: 'b' } }, /env\['A'\]: given 'b'; allowed: .*EnvValue/],
    ['env', { env: { '1A': EnvValue.fromText('b') } }, /env\['1A'\]: given '1A'; allowed: a name of letters/],
    ['env', { env: { A: EnvValue.fromText(1 as any) } }, /env\['A'\]\.text: given 1; allowed: text/],
    ['env', { env: { A: EnvValue.fromField('spec.hostname') } }, /env\['A'\]\.fieldPath: given 'spec\.hostname'; allowed: metadata\.name/],
    ['env', { env: { A: EnvValue.fromSecret(SecretRef.fromName('a'), 'b/c') } }, /env\['A'\]\.key: given 'b\/c'/],
    ['schedulerName', { schedulerName: 'My Scheduler' }, /schedulerName: given 'My Scheduler'/],
    ['runtimeClassName', { runtimeClassName: '' }, /runtimeClassName: given ''/],
    ['terminationGracePeriod', { terminationGracePeriod: Duration.millis(1500) }, /terminationGracePeriod: given '1500ms'; allowed: a Duration of whole seconds/],
    ['terminationGracePeriod', { terminationGracePeriod: 30 }, /terminationGracePeriod: given 30/],
    ['dnsConfig', { dnsConfig: { nameservers: ['dns.example.com'] } }, /nameservers\[0\]: given 'dns\.example\.com'; allowed: an IP address/],
    ['dnsConfig', { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }, /nameservers: given '4 of them'; allowed: up to 3/],
    ['dnsConfig', { dnsConfig: { searches: ['UPPER'] } }, /searches\[0\]: given 'UPPER'/],
    ['dnsConfig', { dnsConfig: { searches: Array(32).fill('a'.repeat(70)) } }, /searches: given '2271 characters'/],
    ['dnsConfig', { dnsConfig: { options: [{ name: 'ndots:2' }] } }, /options\[0\]\.name: given 'ndots:2'/],
    ['probe', { livenessProbe: { successThreshold: 2 } }, /livenessProbe\.successThreshold: given 2; allowed: a whole number from 1 to 1/],
    ['probe', { readinessProbe: { path: 'readyz' } }, /readinessProbe\.path: given 'readyz'; allowed: a path that begins with \//],
    ['probe', { readinessProbe: { period: Duration.seconds(0) } }, /readinessProbe\.period: given '0ms'; allowed: a Duration of whole seconds, from 1 to/],
    ['node affinity', node({ key: 'a', operator: 'Equals', values: ['b'] }), /operator: given 'Equals'; allowed: In, NotIn, Exists, DoesNotExist, Gt, Lt/],
    ['node affinity', node({ key: 'a', operator: 'In' }), /values: given \[\]; allowed: with In, one or more/],
    ['node affinity', node({ key: 'a', operator: 'Exists', values: ['b'] }), /allowed: with Exists, none/],
    ['node affinity', node({ key: 'a', operator: 'Gt', values: ['four'] }), /allowed: with Gt, one whole number/],
    ['node affinity', node({ key: 'a', operator: 'In', values: ['b'] }, 'matchFields'), /allowed: metadata\.name with In or NotIn/],
    ['node affinity', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } } }, /an empty term means no node/],
    ['node affinity', { affinity: { nodeAffinity: { required: {} } } }, /nodeAffinity\.required: given \{\}/],
    ['pod affinity', pod({ labelSelector: undefined }), /labelSelector: given undefined/],
    ['pod affinity', pod({ labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } }), /operator: given 'Gt'; allowed: In, NotIn, Exists, DoesNotExist/],
    ['pod affinity', pod({ matchLabelKeys: ['a'] }), /matchLabelKeys: given \["a"\]; allowed: each label once/],
    ['pod affinity', pod({ topologyKey: '' }), /topologyKey: given ''/],
    ['spread', spread({ whenUnsatisfiable: 'Wait' }), /whenUnsatisfiable: given 'Wait'; allowed: DoNotSchedule, ScheduleAnyway/],
    ['spread', spread({ minDomains: 2 }), /minDomains: given 2; allowed: only with whenUnsatisfiable DoNotSchedule/],
    ['spread', { topologySpreadConstraints: [0, 1].map(() => spread({}).topologySpreadConstraints[0]) }, /topologySpreadConstraints\[1\]: given 'a with ScheduleAnyway, again'/],
    ['spread by a label that selects', spread({ matchLabelKeys: ['k8s-app'] }), /topologySpreadConstraints\[0\]\.matchLabelKeys: given \["k8s-app"\]; allowed: labels that are not in selectorLabels/],
    ['capabilities', security({ capabilities: { add: ['CAP_SYS_PTRACE'] } }), /add\[0\]: given 'CAP_SYS_PTRACE'/],
    ['user', security({ runAsUser: -1 }), /runAsUser: given -1/],
    ['profile', security({ seccompProfile: SecurityProfile.localhost('/abs') }), /seccompProfile\.localhost: given '\/abs'/],
    ['profile', security({ seccompProfile: { type: 'RuntimeDefault' } }), /what SecurityProfile./],
    ['hostPath', volume(Volume.hostPath('a', 'etc')), /extraVolumes\[0\]\.path: given 'etc'; allowed: an absolute path/],
    ['hostPath', volume(Volume.hostPath('a', '/etc/../root')), /path: given '\/etc\/\.\.\/root'/],
    ['hostPath', volume(Volume.hostPath('a', '/etc', 'Folder' as HostPathType)), /type: given 'Folder'; allowed: '', DirectoryOrCreate, Directory/],
    ['name', volume(Volume.emptyDir('My Volume')), /extraVolumes\[0\]\.name: given 'My Volume'/],
    ['items', volume(Volume.configMap('a', { name: 'a' }, { items: { key: '../out' } })), /items\['key'\]: given '\.\.\/out'; allowed: a relative path/],
    ['defaultMode', volume(Volume.secret('a', { name: 'a' }, { defaultMode: 644 })), /defaultMode: given 644; allowed: a whole number from 0 to 511, octal 777/],
    ['sizeLimit', volume(Volume.emptyDir('a', { sizeLimit: '16 MB' })), /sizeLimit: given '16 MB'/],
    ['source', volume(Volume.fromSource('a', { csi: {}, nfs: {} })), /source: given .*; allowed: an object with one kind of source/],
    ['tmpVolume', { tmpVolume: { emptyDir: {} } }, /tmpVolume: given \{"emptyDir":\{\}\}; allowed: what Volume\.configMap\(\)/],
    ['mount', mount({ mountPath: 'a' }), /extraVolumeMounts\[0\]\.mountPath: given 'a'; allowed: an absolute path without :/],
    ['mount', mount({ subPath: '/a' }), /subPath: given '\/a'/],
    ['mount', mount({ subPath: 'a', subPathExpr: '$(A)' }), /subPathExpr: given '\$\(A\)'; allowed: none beside subPath/],
    ['mount', mount({ mountPropagation: 'Bidirectional' }), /volumeMounts of container metrics-server: given '\/a with mountPropagation Bidirectional'; allowed: that of a privileged/],
    ['mount', mount({ mountPropagation: 'Both' }), /mountPropagation: given 'Both'; allowed: None, HostToContainer, Bidirectional/],
  ])('%s %#', (_, props, message) => {
    expect(synthesize(props)).toThrow(message);
    expect(synthesize(props)).toThrow(/: given .+; allowed: .+; to mend it, .+/);
  });
});
