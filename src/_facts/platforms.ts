/** Annotation of a metrics server's Deployment that names the platform it was made for: rules judge by it, and reviewers read it. */
export const PLATFORM_ANNOTATION = 'cdk8s-metrics-server.dev/platform';

export type PlatformName = 'aks' | 'eks' | 'fargate' | 'gke' | 'k3s' | 'kind' | 'kubeadm' | 'openshift';

/** What is different about a metrics server on a platform. What is absent is as everywhere. */
export interface PlatformFacts {
  /** Port that the server has to have. */
  readonly securePort?: number;
  /** Port that pods cannot have, for the kubelet of a node that is one pod has it. */
  readonly takenPort?: number;
  /** Whether pods may be on their node's network. */
  readonly hostNetwork: boolean;
  /** Whether kubelets sign their own serving certificates unless they are told to ask the cluster for them. */
  readonly selfSignedKubelets: boolean;
  /** Whether the platform runs a metrics server of its own, which has the APIService. */
  readonly ownMetricsServer: boolean;
  /** CA of the kubelets, where it is not the cluster's: a ConfigMap to be copied beside the server. */
  readonly kubeletCa?: { readonly configMap: string; readonly key: string };
}

const ORDINARY: PlatformFacts = { hostNetwork: true, selfSignedKubelets: false, ownMetricsServer: false };

export const PLATFORMS: Readonly<Record<PlatformName, PlatformFacts>> = {
  // Azure runs metrics-server as an add-on (learn.microsoft.com/azure/aks/use-metrics-server-vertical-pod-autoscaler); kubelets ask the
  // cluster for serving certificates (serverTLSBootstrap in Azure/AgentBaker).
  aks: { ...ORDINARY, ownMetricsServer: true },
  // serverTLSBootstrap in kubelet-config.json of awslabs/amazon-eks-ami. Nothing is installed unless the add-on is chosen
  // (docs.aws.amazon.com/eks/latest/userguide/metrics-server.html).
  eks: ORDINARY,
  // 10250 is reserved, and the add-on takes 10251 (docs.aws.amazon.com/eks/latest/userguide/metrics-server.html); pods cannot have host ports
  // or the host's network (docs.aws.amazon.com/eks/latest/userguide/fargate.html).
  fargate: { ...ORDINARY, securePort: 10251, takenPort: 10250, hostNetwork: false },
  // The firewall of a private cluster lets the control plane reach 443 and 10250 of nodes and pods, and nothing else
  // (cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules). The addon manager keeps the metrics-server that is there.
  gke: { ...ORDINARY, securePort: 10250, ownMetricsServer: true },
  // Packaged with k3s, which puts it back (docs.k3s.io/installation/packaged-components). The server's CA, which pods trust, signs kubelets'
  // serving certificates.
  k3s: { ...ORDINARY, ownMetricsServer: true },
  // kind sets nodes up with kubeadm.
  kind: { ...ORDINARY, selfSignedKubelets: true },
  // kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs, "Enabling signed kubelet serving certificates".
  kubeadm: { ...ORDINARY, selfSignedKubelets: true },
  // openshift/cluster-monitoring-operator, assets/metrics-server: that operator has the APIService, and verifies kubelets with the CA that it
  // copies from ConfigMap kubelet-serving-ca in openshift-config-managed.
  openshift: { ...ORDINARY, ownMetricsServer: true, kubeletCa: { configMap: 'kubelet-serving-ca-bundle', key: 'ca-bundle.crt' } },
};
