import { lastFlag, switchOn } from './_command-line';
import { isMetricsAdapter, servingPort } from './_container';
import { Manifest, text, valueAt } from './_manifest';
import { ManifestSet, servingContainers, Workload, WORKLOADS } from './_manifest-set';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { PLATFORM_ANNOTATION, PlatformFacts, PlatformName, PLATFORMS } from '../_facts/platforms';

const POD_SPEC = 'spec.template.spec';

/** Flags with which the cluster's CA is not what kubelets are verified with. */
const OTHER_TRUST = ['kubelet-certificate-authority', 'kubeconfig'];
const NO_TRUST = ['kubelet-insecure-tls', 'deprecated-kubelet-completely-insecure'];

/** Names under which RBAC lets somebody approve serving certificates of kubelets. */
const KUBELET_SIGNERS = ['kubernetes.io/kubelet-serving', 'kubernetes.io/*'];

/** Rules about the platform that a server is for, as the annotation of its workload names it. */
export const PLATFORM_RULES: readonly Rule[] = [
  {
    // See the sources in _facts/platforms.ts.
    id: 'platform-metrics-server',
    level: RuleLevel.ERROR,
    title: 'a second metrics server on a platform that runs its own',
    reason: 'Both write the APIService v1beta1.metrics.k8s.io, and in kube-system often a Deployment and a Service of one name: what one applies the other undoes.',
    mend: 'use the one that is there; on k3s start the servers with --disable metrics-server and acknowledge this, in our constructs with '
      + 'Rules.acknowledge(metricsServer, \'platform-metrics-server\', reason); or leave the APIServices to the platform, in our constructs with apiServices: false, of a MetricsAdapter by removing resourceRules',
    kinds: WORKLOADS,
    check: (set) => onPlatforms(set.serving('metrics.k8s.io'), ({ ownMetricsServer }) => ownMetricsServer).map(({ object }) => ({
      object, path: 'metadata.annotations', given: `${PLATFORM_ANNOTATION}: ${platformOf(object)}`,
    })),
  },
  {
    // kubeadm leaves serverTLSBootstrap off: nobody approves such requests by default.
    id: 'self-signed-kubelets',
    level: RuleLevel.WARNING,
    title: 'kubelets that sign their own certificates, verified with the cluster\'s CA',
    reason: 'kubeadm and kind leave kubelets to sign their own serving certificates. Verification refuses them, and no metrics arrive.',
    mend: 'set serverTLSBootstrap: true in the kubelets\' configuration and have their certificate signing requests approved, by a KubeletServingApprover '
      + 'beside it, or by others and then acknowledge this; or name the CA that signed them with --kubelet-certificate-authority, in our constructs KubeletAccess.certificateAuthority()',
    kinds: WORKLOADS,
    check: (set) => {
      const servers = approvesKubeletServing(set) ? [] : onPlatforms(set.metricsServers, ({ selfSignedKubelets }) => selfSignedKubelets);
      return servers.flatMap((server) => servingContainers(server)
        .filter((container) => !isMetricsAdapter(container))
        .filter(({ flags }) => !OTHER_TRUST.some((flag) => lastFlag(flags, flag)) && !NO_TRUST.some((flag) => switchOn(flags, flag)))
        .map(({ path, spec: { args } }) => ({ object: server.object, path: `${path}.args`, given: args })));
    },
  },
  {
    // A pod on Fargate is a node, with a kubelet that has this port.
    id: 'fargate-kubelet-port',
    level: RuleLevel.ERROR,
    title: 'a server on Fargate that listens on the kubelet\'s port',
    reason: 'Each pod on Fargate is a node of its own, whose kubelet has port 10250: requests to the server end at the kubelet.',
    mend: 'set another --secure-port, such as 10251, and the same container port; in our constructs securePort does both',
    kinds: WORKLOADS,
    check: (set) => onPlatforms(set.servers, ({ takenPort }) => takenPort !== undefined).flatMap((server) => servingContainers(server)
      .filter((container) => servingPort(container) === PLATFORMS.fargate.takenPort)
      .map(({ path }) => ({ object: server.object, path: `${path}.args`, given: `--secure-port=${PLATFORMS.fargate.takenPort}` }))),
  },
  {
    id: 'fargate-host-network',
    level: RuleLevel.ERROR,
    title: 'pods on Fargate that ask for the host\'s network',
    reason: 'Fargate does not run pods with host network or host ports: they stay pending forever.',
    mend: 'leave hostNetwork out',
    kinds: WORKLOADS,
    check: (set) => onPlatforms(set.servers, ({ hostNetwork }) => !hostNetwork).filter(({ podSpec }) => podSpec.hostNetwork === true)
      .map(({ object }) => ({ object, path: `${POD_SPEC}.hostNetwork`, given: true })),
  },
];

/** Whether something here may approve what kubelets ask for: our approver, or another's. */
function approvesKubeletServing(set: ManifestSet): boolean {
  return set.grantsOf(set.workloads).some(({ rules, clusterWide }) => clusterWide && rules.some(({ resources, resourceNames, verbs }) =>
    resources.includes('signers') && verbs.includes('approve') && (resourceNames.length === 0 || resourceNames.some((name) => KUBELET_SIGNERS.includes(name)))));
}

function onPlatforms(servers: readonly Workload[], applies: (facts: PlatformFacts) => boolean): Workload[] {
  return servers.filter(({ object }) => {
    const name = platformOf(object);
    return Object.hasOwn(PLATFORMS, name) && applies(PLATFORMS[name as PlatformName]);
  });
}

function platformOf(object: Manifest): string {
  return text(valueAt(object, 'metadata', 'annotations', PLATFORM_ANNOTATION)) ?? '';
}
