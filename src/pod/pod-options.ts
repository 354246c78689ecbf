import { Duration } from 'cdk8s';
import { ContainerSecurityContext } from './container-security-context';
import { DnsConfig } from './dns-config';
import { EnvValue } from './env-value';
import { ImagePullPolicy } from './image';
import { PodSecurityContext } from './pod-security-context';
import { ProbeOptions } from './probe-options';
import { SchedulingOptions } from './scheduling-options';
import { Volume } from './volume';
import { VolumeMount } from './volume-mount';
import { ISecretRef } from '../kubernetes/references';

/** Properties of the pods of an extension API server. */
export interface PodOptions extends SchedulingOptions {
  /**
   * Labels of the pods alone, beside those of all objects.
   *
   * @default - none
   */
  readonly podLabels?: { readonly [key: string]: string };
  /**
   * Annotations of the pods.
   *
   * @default - none
   */
  readonly podAnnotations?: { readonly [key: string]: string };
  /**
   * When the kubelet pulls the image.
   *
   * @default ImagePullPolicy.IF_NOT_PRESENT - with metrics-server v0.3 `ALWAYS`, as in its own manifests
   */
  readonly imagePullPolicy?: ImagePullPolicy;
  /**
   * Secrets, in `namespace`, with the credentials that the image is pulled with. Each once.
   *
   * @default - none
   */
  readonly imagePullSecrets?: ISecretRef[];
  /**
   * Name of the RuntimeClass that the pods run with.
   *
   * @default - the nodes' default
   */
  readonly runtimeClassName?: string;
  /**
   * Port that the container serves HTTPS on, from 1 to 65535. With `hostNetwork` not 10250, which is the kubelet's.
   *
   * @default 10250 - with `hostNetwork` 4443; with metrics-server v0.4 to v0.6 4443, with v0.3 443
   */
  readonly securePort?: number;
  /**
   * Whether the pods have the node's network, for clusters whose kube-apiserver cannot reach pods. DNS then goes to the cluster's
   * (`ClusterFirstWithHostNet`), and no two pods fit on one node: where no other node is free, a rolling
   * update waits for ever for the port of the old pod, so choose `UpdateStrategy.recreate()` there.
   *
   * @default false
   */
  readonly hostNetwork?: boolean;
  /**
   * Whether the pods have the node's user namespace. `false` gives them one of their own, so that root in the pod is nobody on the
   * node. The nodes' kernel and container runtime have to know it; Kubernetes does by default from 1.33 on. Not beside `hostNetwork`.
   *
   * @default - true, left to Kubernetes
   */
  readonly hostUsers?: boolean;
  /**
   * What is added to the resolver's settings.
   *
   * @default - nothing
   */
  readonly dnsConfig?: DnsConfig;
  /**
   * What all containers of the pods may do on their node.
   *
   * @default - as Kubernetes has it; the server's container is restricted by its own
   */
  readonly podSecurityContext?: PodSecurityContext;
  /**
   * What the server's container may do on its node. Each field that is given replaces the default one.
   *
   * @default - the restricted Pod Security Standard with a read-only root and user 1000; nothing with metrics-server v0.3
   */
  readonly containerSecurityContext?: ContainerSecurityContext;
  /**
   * How the kubelet finds out that the container has to be restarted.
   *
   * @default - `/livez` every 10 s, 3 failures; none with metrics-server v0.3
   */
  readonly livenessProbe?: ProbeOptions;
  /**
   * How the kubelet finds out that the container can take requests.
   *
   * @default - `/readyz` every 10 s from 20 s on, 3 failures; none with metrics-server v0.3
   */
  readonly readinessProbe?: ProbeOptions;
  /**
   * Time that the server has to end by itself, in whole seconds, before it is killed.
   *
   * @default - 30 s, left to Kubernetes; of a MetricsServer with a `shutdownDelay` 25 s more than that
   */
  readonly terminationGracePeriod?: Duration;
  /**
   * Variables of the server's environment, by name. They are written in the order of their names.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: EnvValue };
  /**
   * The volume at `/tmp`, the one place where the server may write.
   *
   * @default Volume.emptyDir('tmp-dir')
   */
  readonly tmpVolume?: Volume;
  /**
   * Further volumes of the pods. Each name once.
   *
   * @default - none
   */
  readonly extraVolumes?: Volume[];
  /**
   * Where volumes are mounted into the server's container. Each path once.
   *
   * @default - none beside `/tmp` and what serving certificate and kubelet access need
   */
  readonly extraVolumeMounts?: VolumeMount[];
}
