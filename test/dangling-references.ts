import { Manifest } from './golden/compare-manifests';

/** What every cluster has. */
const PRESENT = [
  'ClusterRole system:auth-delegator', 'ClusterRole system:kubelet-api-admin', 'Role kube-system/extension-apiserver-authentication-reader',
];

const id = (kind: string, namespace: string | undefined, name: string) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
const matches = (selector: object | undefined, labels: Record<string, unknown> = {}) =>
  Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);

/** References of objects to others that are not among them. */
export function danglingReferences(objects: readonly Manifest[]): string[] {
  const present = new Set([...PRESENT, ...objects.flatMap(brings)]);
  return [...new Set(objects.flatMap((object) => [
    ...named(object).filter((reference) => !present.has(reference)),
    ...selected(object, objects),
  ]))];
}

function brings({ kind, metadata: { namespace, name }, spec }: Manifest): string[] {
  const own = id(kind, namespace, name);
  return kind === 'Certificate' ? [own, id('Secret', namespace, spec.secretName)] : [own];
}

/** Objects that an object names. */
function named(object: Manifest): string[] {
  const { metadata, spec = {} } = object;
  const { namespace, annotations = {} } = metadata as Manifest['metadata'] & { annotations?: Record<string, string> };
  const here = (kind: string) => (name?: string) => name === undefined ? [] : [id(kind, namespace, name)];
  switch (object.kind) {
    case 'Deployment': return ofPod(spec.template.spec, here);
    case 'ServiceAccount': return (object.secrets ?? []).flatMap(({ name }: Manifest['metadata']) => here('Secret')(name));
    case 'Secret': return here('ServiceAccount')(annotations['kubernetes.io/service-account.name']);
    case 'RoleBinding':
    case 'ClusterRoleBinding': return [
      id(object.roleRef.kind, object.roleRef.kind === 'Role' ? namespace : undefined, object.roleRef.name),
      ...object.subjects.flatMap((subject: any) => subject.kind === 'ServiceAccount' ? [id(subject.kind, subject.namespace, subject.name)] : []),
    ];
    case 'Role':
    case 'ClusterRole': return object.rules.flatMap(({ resources = [], resourceNames = [], verbs }: any) =>
      // Signers and metrics are names, and no objects. An APIService that may only be looked at leads elsewhere, if anywhere.
      resources.includes('signers') || resources.includes('metrics') || resources.includes('apiservices') && !verbs.includes('patch') ? [] : resourceNames.map((name: string) => id(KINDS[resources[0]], namespace, name)));
    case 'APIService': return [
      id('Service', spec.service.namespace, spec.service.name),
      ...annotations['cert-manager.io/inject-ca-from'] ? [`Certificate ${annotations['cert-manager.io/inject-ca-from']}`] : [],
    ];
    case 'Certificate': return [id(spec.issuerRef.kind, spec.issuerRef.kind === 'ClusterIssuer' ? undefined : namespace, spec.issuerRef.name)];
    case 'Issuer': return here('Secret')(spec.ca?.secretName);
    case 'ServiceMonitor':
    case 'PodMonitor': return (spec.endpoints ?? spec.podMetricsEndpoints).flatMap(({ authorization, tlsConfig: { ca, cert, keySecret } }: any) => [
      ...here('Secret')(authorization?.credentials.name),
      ...[ca, cert].flatMap((source) => [...here('Secret')(source?.secret?.name), ...here('ConfigMap')(source?.configMap?.name)]),
      ...here('Secret')(keySecret?.name),
    ]);
    default: return [];
  }
}

const KINDS: Record<string, string> = {
  apiservices: 'APIService', secrets: 'Secret', configmaps: 'ConfigMap', deployments: 'Deployment', pods: 'Pod', services: 'Service',
};

function ofPod(pod: any, here: (kind: string) => (name?: string) => string[]): string[] {
  const volumes: any[] = pod.volumes ?? [];
  const containers: any[] = [...pod.containers, ...pod.initContainers ?? []];
  const ports = containers.flatMap((container) => (container.ports ?? []).map(({ name }: any) => name));
  const flags = containers.flatMap((container) => (container.args ?? []).map((arg: string) => arg.replace(/^--/, '').split('=')));
  const flag = (name: string) => flags.filter(([given]) => given === name).map(([, value]) => value);
  return [
    ...here('ServiceAccount')(pod.serviceAccountName),
    ...(pod.imagePullSecrets ?? []).flatMap(({ name }: any) => here('Secret')(name)),
    ...volumes.flatMap(sourcesOf).flatMap(({ secret, configMap, persistentVolumeClaim }: any) => [
      ...here('Secret')(secret?.secretName ?? secret?.name),
      ...here('ConfigMap')(configMap?.name),
      ...here('PersistentVolumeClaim')(persistentVolumeClaim?.claimName),
    ]),
    ...containers.flatMap((container) => [
      ...(container.volumeMounts ?? []).filter(({ name }: any) => !volumes.some((volume) => volume.name === name)).map(({ name }: any) => `volume ${name}`),
      ...[container.livenessProbe, container.readinessProbe].map((probe) => probe?.httpGet.port)
        .filter((port) => typeof port === 'string' && !ports.includes(port)).map((port) => `container port ${port}`),
    ]),
    ...flag('self-managed-cert-secret').map((name) => `Secret ${name}`),
    ...flag('self-managed-cert-service').map((name) => `Service ${name}`),
    ...flag('remove-ca-bundle-of-service').map((name) => `Service ${name}`),
    ...flag('deployment').flatMap((name) => here('Deployment')(name)),
    ...flag('container').filter((name) => !containers.some((container) => container.name === name)).map((name) => `container ${name}`),
  ];
}

function sourcesOf({ projected, ...source }: any): any[] {
  return projected ? projected.sources : [source];
}

/** What an object selects that is not there. */
function selected(object: Manifest, objects: readonly Manifest[]): string[] {
  const { kind, metadata: { namespace, name }, spec } = object;
  const podsBehind = (labels: object, where = namespace) => objects.filter((one) =>
    one.kind === 'Deployment' && one.metadata.namespace === where && matches(labels, one.spec.template.metadata.labels));
  const none = (found: readonly unknown[]) => found.length === 0 ? [`pods of ${kind} ${name}`] : [];
  const withoutPort = (found: readonly Manifest[], port: unknown) => {
    const names = found.flatMap((one) => one.spec.template.spec.containers.flatMap(({ ports = [] }: any) => ports.map((p: any) => p.name)));
    return typeof port !== 'string' || found.length === 0 || names.includes(port) ? [] : [`container port ${port}`];
  };
  switch (kind) {
    case 'Deployment': return none(podsBehind(spec.selector.matchLabels).filter((one) => one === object));
    case 'Service': {
      const pods = podsBehind(spec.selector);
      return [...none(pods), ...spec.ports.flatMap(({ targetPort }: any) => withoutPort(pods, targetPort))];
    }
    case 'NetworkPolicy': return none(podsBehind(spec.podSelector.matchLabels));
    case 'PodDisruptionBudget': return none(podsBehind(spec.selector.matchLabels));
    case 'APIService': {
      const { name: service, port: wanted = 443 } = spec.service;
      return objects
        .filter((one) => one.kind === 'Service' && one.metadata.name === service && !one.spec.ports.some(({ port }: any) => port === wanted))
        .map((one) => `port ${wanted} of ${id(one.kind, one.metadata.namespace, one.metadata.name)}`);
    }
    case 'PodMonitor': {
      const pods = spec.namespaceSelector.matchNames.flatMap((where: string) => podsBehind(spec.selector.matchLabels, where));
      return [...none(pods), ...spec.podMetricsEndpoints.flatMap(({ port }: any) => withoutPort(pods, port))];
    }
    case 'ServiceMonitor': {
      const services = objects.filter((one) => one.kind === 'Service' && spec.namespaceSelector.matchNames.includes(one.metadata.namespace)
        && matches(spec.selector.matchLabels, one.metadata.labels as Record<string, unknown>));
      return [
        ...none(services),
        ...spec.endpoints.map(({ port }: any) => port)
          .filter((wanted: unknown) => wanted && !services.some((one) => one.spec.ports.some((port: any) => port.name === wanted)))
          .map((wanted: unknown) => `Service port ${wanted}`),
      ];
    }
    default: return [];
  }
}
