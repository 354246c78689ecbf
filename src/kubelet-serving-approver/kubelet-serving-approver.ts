import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { checkKubeletServingApprover, checkOwnLabels } from './_kubelet-serving-approver-checks';
import { METRICS_SERVER_POD } from '../_facts/pod';
import { RIGHTS } from '../_facts/rights';
import { clusterNames } from '../kubernetes/_cluster-names';
import { Container, DeploymentSpec, namespaced, namespaceOf, RESTRICTED_SECURITY_CONTEXT } from '../kubernetes/_k8s';
import { refuseObjectsTwice } from '../kubernetes/_object-twice';
import { checkSameNamespace } from '../kubernetes/_reference-checks';
import { ISecretRef } from '../kubernetes/references';
import { scheduling } from '../pod/_pod';
import { checkLimitsHoldRequests } from '../pod/_pod-checks';
import { mergedResources, wireResources } from '../pod/_resources';
import { Image, ImagePullPolicy } from '../pod/image';
import { ContainerResources } from '../pod/resources';
import { SchedulingOptions } from '../pod/scheduling-options';
import { clusterRole, clusterRoleBinding } from '../rbac/_rbac';
import { plain } from '../validation/_plain';
import { checkLabelName, refuse } from '../validation/_validation';

/** Properties of `KubeletServingApprover`. */
export interface KubeletServingApproverProps extends SchedulingOptions {
  /**
   * Name of Deployment, container and ServiceAccount. The ClusterRole and its binding are `<name>.<namespace>`. A DNS label of up to 63 characters
   * that begins with a letter.
   *
   * @default kubelet-serving-approver
   */
  readonly name?: string;
  /**
   * Namespace of Deployment and ServiceAccount.
   *
   * @default - the chart's namespace; where it has none, `kube-system`
   */
  readonly namespace?: string;
  /**
   * Labels of all objects and of the pods.
   *
   * @default - none beside `app.kubernetes.io/name`, which selects the pods
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * The companion image, or a mirror of it: `Image.custom()` with `compatibleWith: Image.companion()`. Images of metrics-server have no approver.
   *
   * @default Image.companion()
   */
  readonly image?: Image;
  /**
   * When the kubelet pulls the image.
   *
   * @default ImagePullPolicy.IF_NOT_PRESENT
   */
  readonly imagePullPolicy?: ImagePullPolicy;
  /**
   * Secrets, in `namespace`, with the credentials that the image is pulled with.
   *
   * @default - none
   */
  readonly imagePullSecrets?: ISecretRef[];
  /**
   * Number of pods, 0 or more. Any number may run: approving twice is approving once.
   *
   * @default 1
   */
  readonly replicas?: number;
  /**
   * What the approver asks for and may not exceed. Each quantity that is given replaces the default one, and empty text removes it.
   *
   * @default - requests 10m CPU and 64Mi memory
   */
  readonly resources?: ContainerResources;
}

/** Where the approver answers probes and Prometheus, without TLS. */
const HTTP_PORT = 8080;
const USUAL_RESOURCES = { requests: { cpu: '10m', memory: '64Mi' } };

/**
 * Approves the serving certificates that kubelets ask the cluster for, so that metrics-server can verify them: for clusters whose kubelets have
 * `serverTLSBootstrap: true` and where nobody else approves, as with kubeadm. A request is approved only if a node asks for itself, for
 * serving alone, and its Node object has each DNS name and IP address that is asked for. Every other request is left as it is:
 * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/kubelet-serving-certificates.md
 *
 * The pods answer `/livez`, `/readyz` and `/metrics` at port 8080, without TLS.
 *
 * @example
 * new KubeletServingApprover(this, 'approver', {
 *   tolerations: [{ key: 'node-role.kubernetes.io/control-plane' }],
 * });
 * new MetricsServer(this, 'metrics-server');
 */
export class KubeletServingApprover extends Construct {
  /** ServiceAccount of the pods. */
  public readonly serviceAccount: ApiObject;
  /** ClusterRole: may approve requests for `kubernetes.io/kubelet-serving` alone, follow requests, and look at nodes. */
  public readonly clusterRole: ApiObject;
  /** ClusterRoleBinding of that role. */
  public readonly clusterRoleBinding: ApiObject;
  /** The Deployment. */
  public readonly deployment: ApiObject;

  constructor(scope: Construct, id: string, props: KubeletServingApproverProps = {}) {
    super(scope, id);
    checkKubeletServingApprover(this, '', props);
    const { name = 'kubelet-serving-approver', imagePullSecrets = [] } = props;
    const namespace = namespaceOf(this, props.namespace);
    checkLabelName(this, 'namespace', namespace);
    imagePullSecrets.forEach((secret, i) => checkSameNamespace(this, `imagePullSecrets[${i}]`, secret, namespace));
    const image = props.image ?? Image.companion();
    this.checkHasApprover(image);

    const selectorLabels = { 'app.kubernetes.io/name': name };
    checkOwnLabels(this, props.labels, selectorLabels);
    const labels = { ...props.labels, ...selectorLabels };
    const metadata = { name, namespace, labels };
    const inCluster = { name: clusterNames(name, namespace).clusterRole, labels };
    this.serviceAccount = namespaced(this, 'ServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount' }, metadata);
    this.clusterRole = clusterRole(this, 'ClusterRole', inCluster, RIGHTS.kubeletServingApproval());
    this.clusterRoleBinding = clusterRoleBinding(this, 'ClusterRoleBinding', inCluster, inCluster.name, { name, namespace });
    const spec: DeploymentSpec = {
      replicas: props.replicas,
      selector: { matchLabels: selectorLabels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          imagePullSecrets: props.imagePullSecrets?.map((secret) => ({ name: secret.name })),
          ...scheduling(plain(props), METRICS_SERVER_POD, selectorLabels),
          containers: [this.containerOf(name, image, props)],
        },
      },
    };
    this.deployment = namespaced(this, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment' }, metadata, { spec });
    this.node.defaultChild = this.deployment;
    refuseObjectsTwice(this);
  }

  private containerOf(name: string, image: Image, { imagePullPolicy, resources: given }: KubeletServingApproverProps): Container {
    const resources = mergedResources(given, USUAL_RESOURCES);
    checkLimitsHoldRequests(this, 'resources', resources);
    return {
      name,
      image: image.reference,
      imagePullPolicy: imagePullPolicy ?? ImagePullPolicy.IF_NOT_PRESENT,
      args: ['approve-kubelet-serving', `--http-bind-address=:${HTTP_PORT}`],
      ports: [{ name: 'http', containerPort: HTTP_PORT, protocol: 'TCP' }],
      livenessProbe: { httpGet: { path: '/livez', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
      resources: resources && wireResources(resources),
      securityContext: RESTRICTED_SECURITY_CONTEXT,
    };
  }

  private checkHasApprover(image: Image): void {
    if (image._check(this).companion) return;
    refuse(this, {
      property: 'image',
      given: image.reference,
      allowed: 'the companion image, which alone has the approver',
      mend: 'leave image out, or set it to Image.custom(reference, { compatibleWith: Image.companion() }) for a mirror of it',
    });
  }
}
