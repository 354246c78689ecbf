import { lastFlag } from './_command-line';
import { servingPort } from './_container';
import { asText, list, Manifest, record, text, valueAt } from './_manifest';
import { ManifestSet, servingContainers } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { isBuiltInGroup } from '../_facts/api-groups';

/** When neither the APIService nor the Service says otherwise. */
const DEFAULT_SERVICE_PORT = 443;

/** Rules about APIServices, and the Services and pods that they lead to. */
export const AGGREGATION_RULES: readonly Rule[] = [
  {
    // kube-aggregator calls with InsecureSkipVerify and passes on who the user is; metrics-server's own manifests do this.
    id: 'insecure-tls',
    level: RuleLevel.INSECURE,
    title: 'kube-apiserver does not verify the API server behind the APIService',
    reason: 'Whoever can answer in the Service\'s place reads every request with the name and groups of its user, and forges every answer. '
      + 'Autoscalers act on those answers.',
    mend: 'remove insecureSkipTLSVerify and have caBundle filled: with ServingCertificate.selfManaged(), with cert-manager, or by hand',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      .filter((api) => valueAt(api, 'spec', 'insecureSkipTLSVerify') === true)
      .map((api) => ({ object: api, path: 'spec.insecureSkipTLSVerify', given: true })),
  },
  {
    // kube-aggregator, ValidateAPIServiceSpec: "may not be true if caBundle is present".
    id: 'ca-bundle-beside-insecure-tls',
    level: RuleLevel.ERROR,
    title: 'the APIService has a caBundle and says not to use it',
    reason: 'kube-apiserver refuses insecureSkipTLSVerify: true beside a caBundle, for one of the two is meant and not the other.',
    mend: 'remove insecureSkipTLSVerify',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      .filter((api) => valueAt(api, 'spec', 'insecureSkipTLSVerify') === true && text(valueAt(api, 'spec', 'caBundle')))
      .map((api) => ({ object: api, path: 'spec.insecureSkipTLSVerify', given: true })),
  },
  {
    // kube-aggregator verifies by the system's roots when caBundle is empty, and those sign no <service>.<namespace>.svc.
    id: 'ca-bundle-never-filled',
    level: RuleLevel.WARNING,
    title: 'nothing among these manifests fills the APIService\'s caBundle',
    reason: 'Without caBundle kube-apiserver verifies by the CAs of its own system, none of which signs a Service\'s certificate: every request is '
      + 'answered 503, up to Kubernetes 1.35 while the APIService calls itself available.',
    mend: 'use ServingCertificate.selfManaged(), annotate the APIService for cert-manager\'s injector, or set caBundle; '
      + 'acknowledge it where someone else fills it',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      .filter((api) => valueAt(api, 'spec', 'service') && !isVerifiable(set, api))
      .map((api) => ({ object: api, path: 'spec.caBundle', given: valueAt(api, 'spec', 'caBundle') })),
  },
  {
    // kube-aggregator, ValidateAPIService: the name must be version, dot, group.
    id: 'api-service-name',
    level: RuleLevel.ERROR,
    title: 'the APIService\'s name is not its version and group',
    reason: 'kube-apiserver refuses an APIService unless its name is <version>.<group>.',
    mend: 'name it as its spec says, as in v1beta1.metrics.k8s.io',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      // Kubernetes' own v1. is of the core group, which has no name.
      .filter(({ metadata, spec }) => metadata.name !== `${asText(record(spec).version)}.${asText(record(spec).group ?? '')}`)
      .map((api) => ({ object: api, path: 'metadata.name', given: api.metadata.name })),
  },
  {
    // kube-apiserver registers its own groups without a Service; one that names a Service takes their place.
    id: 'built-in-api-group',
    level: RuleLevel.ERROR,
    title: 'the APIService leads a group of Kubernetes itself to a Service',
    reason: 'kube-apiserver keeps that APIService itself. Until it has written it back, every request for the group version goes to the Service, also those '
      + 'of Kubernetes\' own controllers: with v1.apps nobody finds a Deployment. Groups without a dot are kept for Kubernetes.',
    mend: 'serve a group below a domain of yours, such as wardle.example.com',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      .filter((api) => valueAt(api, 'spec', 'service') && isBuiltInGroup(asText(valueAt(api, 'spec', 'group') ?? '')))
      .map((api) => ({ object: api, path: 'spec.group', given: valueAt(api, 'spec', 'group') })),
  },
  {
    // Manifests for several clusters are told apart where they have the same workloads, and only there: so this is no error.
    id: 'api-service-twice',
    level: RuleLevel.WARNING,
    title: 'the APIService is among these manifests before',
    reason: 'A group version has one owner in a cluster: what is applied second takes it from the first, whose metrics are then no longer read, and two '
      + 'GitOps applications take it from each other for ever.',
    mend: 'remove one of the two; where they are for different clusters, acknowledge it with the reason another cluster',
    kinds: ['APIService'],
    check: (set) => {
      const names = set.apiServices.map(({ metadata }) => metadata.name);
      return set.apiServices.filter((_, i) => names.indexOf(names[i]) < i).map((api) => ({ object: api, path: 'metadata.name', given: api.metadata.name }));
    },
  },
  {
    // kube-aggregator, ValidateAPIServiceSpec: groupPriorityMinimum 1 to 20000, versionPriority 1 to 1000.
    id: 'api-service-priority',
    level: RuleLevel.ERROR,
    title: 'the APIService\'s priority is missing or out of bounds',
    reason: 'kube-apiserver takes a groupPriorityMinimum from 1 to 20000 and a versionPriority from 1 to 1000, and needs both.',
    mend: 'set both within these bounds; 100 and 100 are usual for metrics APIs',
    kinds: ['APIService'],
    check: (set) => set.apiServices.filter((api) => valueAt(api, 'spec', 'service')).flatMap((api) => [
      ...outOfBounds(api, 'groupPriorityMinimum', 20_000),
      ...outOfBounds(api, 'versionPriority', 1000),
    ]),
  },
  {
    // kube-aggregator, available condition ServiceNotFound. The Service may be in another set, so this is no error.
    id: 'api-service-without-service',
    level: RuleLevel.WARNING,
    title: 'the APIService names a Service that is not among these manifests',
    reason: 'Until that Service exists the group version is unavailable, which breaks discovery: kubectl complains, and no namespace can be deleted.',
    mend: 'add the Service or correct its name and namespace; acknowledge it where the Service is applied by someone else',
    kinds: ['APIService'],
    check: (set) => set.apiServices
      .filter((api) => valueAt(api, 'spec', 'service') && !set.serviceOf(api))
      .map((api) => ({ object: api, path: 'spec.service', given: valueAt(api, 'spec', 'service') })),
  },
  {
    // kube-aggregator, available condition ServicePortError.
    id: 'api-service-port',
    level: RuleLevel.ERROR,
    title: 'the APIService names a port that its Service does not have',
    reason: 'kube-apiserver marks the group version unavailable with ServicePortError.',
    mend: 'give the APIService the Service\'s port, or the Service the port 443',
    kinds: ['APIService'],
    check: (set) => set.apiServices.flatMap((api) => {
      const service = set.serviceOf(api);
      const port = valueAt(api, 'spec', 'service', 'port') ?? DEFAULT_SERVICE_PORT;
      // An ExternalName is dialled with the APIService's port, whatever ports the Service lists (k8s.io/apiserver, ResolveCluster).
      if (!service || valueAt(service, 'spec', 'type') === 'ExternalName' || portsOf(service).some((entry) => entry.port === port)) return [];
      return [{ object: api, path: 'spec.service.port', given: port }];
    }),
  },
  {
    // kube-apiserver resolves the Service's cluster IP unless --enable-aggregator-routing makes it dial endpoints.
    id: 'headless-service',
    level: RuleLevel.WARNING,
    title: 'the Service behind the APIService is headless',
    reason: 'kube-apiserver reaches a Service without cluster IP only with --enable-aggregator-routing=true, and then by port name.',
    mend: 'remove clusterIP: None, or set that flag on every kube-apiserver',
    kinds: ['Service'],
    check: (set) => set.apiServiceBackends
      .filter((service) => valueAt(service, 'spec', 'clusterIP') === 'None')
      .map((service) => ({ object: service, path: 'spec.clusterIP', given: 'None' })),
  },
  {
    // kube-aggregator, available condition MissingEndpoints. Without any workload of that namespace, pods may come from elsewhere.
    id: 'service-without-pods',
    level: RuleLevel.ERROR,
    title: 'the Service behind the APIService selects none of the pods in its namespace',
    reason: 'Without endpoints the group version is unavailable with MissingEndpoints.',
    mend: 'make the Service\'s selector equal to the labels of the pod template',
    kinds: ['Service'],
    check: (set) => set.apiServiceBackends
      .filter((service) => valueAt(service, 'spec', 'selector') && set.selectedBy(service).length === 0)
      .filter((service) => set.workloads.some(({ namespace }) => namespace === service.metadata.namespace))
      .map((service) => ({ object: service, path: 'spec.selector', given: valueAt(service, 'spec', 'selector') })),
  },
  {
    // A named port resolves to the container's port of that name; a number must be where the server listens (--secure-port, 443 by default).
    id: 'service-target-port',
    level: RuleLevel.ERROR,
    title: 'the Service behind the APIService leads to a port where no container listens',
    reason: 'A targetPort by name needs a container port of that name; one by number must be the server\'s --secure-port.',
    mend: 'make targetPort the name of a container port, or the number in --secure-port',
    kinds: ['Service'],
    check: (set) => set.apiServiceBackends.flatMap((service) => deadPorts(set, service)),
  },
  {
    // kube-apiserver drops the namespace (EnsureObjectNamespaceMatchesRequestNamespace), so what was applied differs from what was written.
    id: 'namespace-on-cluster-scoped-object',
    level: RuleLevel.WARNING,
    title: 'a cluster-scoped object has a namespace',
    reason: 'kube-apiserver drops it, so tools that compare see a difference forever; and whoever reads the file believes in a boundary that is not there.',
    mend: 'remove metadata.namespace',
    kinds: ['APIService', 'ClusterRole', 'ClusterRoleBinding'],
    check: (set) => set.ofKind('APIService', 'ClusterRole', 'ClusterRoleBinding')
      .filter(({ metadata }) => metadata.namespace !== undefined)
      .map((object) => ({ object, path: 'metadata.namespace', given: object.metadata.namespace })),
  },
];

/** Annotations by which cert-manager, and OpenShift, fill caBundle. */
const CA_INJECTORS = [
  'cert-manager.io/inject-ca-from', 'cert-manager.io/inject-ca-from-secret', 'cert-manager.io/inject-apiserver-ca',
  'service.beta.openshift.io/inject-cabundle',
];

/** Whether kube-apiserver is told how to verify the server, or not to, or someone is there who will tell it. */
function isVerifiable(set: ManifestSet, apiService: Manifest): boolean {
  const { caBundle, insecureSkipTLSVerify } = record(apiService.spec);
  const annotations = record(apiService.metadata.annotations);
  const service = set.serviceOf(apiService);
  const fillsItself = service !== undefined && set.selectedBy(service).flatMap(servingContainers)
    .some(({ flags }) => lastFlag(flags, 'self-managed-cert-service') !== undefined);
  return text(caBundle) !== undefined || insecureSkipTLSVerify === true || fillsItself || CA_INJECTORS.some((key) => annotations[key] !== undefined);
}

function outOfBounds(object: Manifest, field: string, max: number): Fault[] {
  const given = valueAt(object, 'spec', field);
  return Number.isInteger(given) && Number(given) >= 1 && Number(given) <= max ? [] : [{ object, path: `spec.${field}`, given }];
}

function portsOf(service: Manifest): Readonly<Record<string, unknown>>[] {
  return list(valueAt(service, 'spec', 'ports')).map(record);
}

function deadPorts(set: ManifestSet, service: Manifest): Fault[] {
  const containers = set.selectedBy(service).flatMap(servingContainers);
  if (containers.length === 0) return [];
  return portsOf(service).flatMap(({ port, targetPort = port }, i) => {
    const listens = containers.some((container) => {
      const declared = list(container.spec.ports).map(record);
      if (typeof targetPort === 'string') return declared.some(({ name }) => name === targetPort);
      return servingPort(container) === targetPort || declared.some(({ containerPort }) => containerPort === targetPort);
    });
    return listens ? [] : [{ object: service, path: `spec.ports[${i}].targetPort`, given: targetPort }];
  });
}
