import { Duration } from 'cdk8s';

/** How the kubelet asks the server over HTTPS how it is. What is left out stays as it is by default. */
export interface ProbeOptions {
  /**
   * Path that is asked for.
   *
   * @default - `/livez` for liveness, `/readyz` for readiness; with metrics-server v0.3, which is not probed by default, it has to be given
   */
  readonly path?: string;
  /**
   * Time from the container's start to the first probe, in whole seconds.
   *
   * @default - none for liveness, 20 s for readiness
   */
  readonly initialDelay?: Duration;
  /**
   * Time between two probes, in whole seconds, 1 or more.
   *
   * @default Duration.seconds(10)
   */
  readonly period?: Duration;
  /**
   * Time that an answer may take, in whole seconds, 1 or more.
   *
   * @default - 1 s, left to Kubernetes
   */
  readonly timeout?: Duration;
  /**
   * Probes in a row that have to fail, 1 or more: then the container is restarted, or gets no requests.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
  /**
   * Probes in a row that have to succeed after a failure, 1 or more. For liveness 1.
   *
   * @default - 1, left to Kubernetes
   */
  readonly successThreshold?: number;
}
