import { PlatformFacts, PlatformName, PLATFORMS } from '../_facts/platforms';

/**
 * What runs the cluster, which decides some defaults of an extension API server: its port, and of a `MetricsServer` how kubelets are verified. A property that is given
 * wins over its platform's default.
 *
 * The platform is written on the Deployment as an annotation, so that rules can say what to look after on it. Where it runs a metrics server of its own, one that
 * takes the APIService from it fails the synth, unless the rule `platform-metrics-server` is acknowledged.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', { platform: Platform.fargate() });
 */
export class Platform {
  /**
   * Azure Kubernetes Service. It runs a metrics-server of its own, which cannot be switched off: a second one has to take over its
   * APIService again and again.
   */
  public static aks(): Platform {
    return new Platform('aks');
  }

  /**
   * Elastic Kubernetes Service with nodes on EC2. Kubelets are verified with the cluster's CA. With a network plug-in other than Amazon's the
   * control plane does not reach pods: set `hostNetwork` and a `securePort` other than the kubelet's.
   */
  public static eks(): Platform {
    return new Platform('eks');
  }

  /**
   * Elastic Kubernetes Service with pods on Fargate, where each pod is a node whose kubelet has port 10250: the server takes 10251. Pods need
   * a Fargate profile that selects their namespace.
   */
  public static fargate(): Platform {
    return new Platform('fargate');
  }

  /**
   * Google Kubernetes Engine. Its firewall lets the control plane reach port 10250, so that every image serves on it. It runs a metrics-server of
   * its own, which cannot be switched off: a second one has to take over its APIService again and again.
   */
  public static gke(): Platform {
    return new Platform('gke');
  }

  /** k3s. It runs a metrics-server of its own unless its servers are started with `--disable metrics-server`. */
  public static k3s(): Platform {
    return new Platform('k3s');
  }

  /**
   * kind. Kubelets sign their own serving certificates unless their configuration says `serverTLSBootstrap: true` and someone approves their
   * certificate signing requests. Verified all the same: until then no figures arrive, and the log says why.
   */
  public static kind(): Platform {
    return new Platform('kind');
  }

  /**
   * kubeadm. Kubelets sign their own serving certificates unless their configuration says `serverTLSBootstrap: true` and someone approves their
   * certificate signing requests. Verified all the same: until then no figures arrive, and the log says why.
   */
  public static kubeadm(): Platform {
    return new Platform('kubeadm');
  }

  /**
   * OpenShift. Kubelets are verified with `ca-bundle.crt` of ConfigMap `kubelet-serving-ca-bundle`, to be copied into the server's namespace
   * from ConfigMap `kubelet-serving-ca` in `openshift-config-managed`. Its monitoring stack runs a metrics-server of its own, which cannot be
   * switched off: a second one has to take over its APIService again and again.
   */
  public static openshift(): Platform {
    return new Platform('openshift');
  }

  /** Name of the platform, such as `eks`. */
  public readonly name: string;
  /** @internal */
  public readonly _facts: PlatformFacts;

  private constructor(name: PlatformName) {
    this.name = name;
    this._facts = PLATFORMS[name];
  }
}
