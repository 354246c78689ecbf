/** A Grafana dashboard of the server's own metrics, as a ConfigMap that Grafana's sidecar finds. */
export interface Dashboard {
  /**
   * Namespace of the ConfigMap. Grafana's sidecar looks into its own, unless it is told to search others.
   *
   * @default - the server's namespace
   */
  readonly namespace?: string;
  /**
   * Labels by which the sidecar finds the ConfigMap.
   *
   * @default - `grafana_dashboard` with the value `1`
   */
  readonly sidecarLabels?: { readonly [key: string]: string };
  /**
   * Folder that the sidecar puts the dashboard into, where it reads the annotation `grafana_folder`.
   *
   * @default - the sidecar's own
   */
  readonly folder?: string;
  /**
   * Title of the dashboard.
   *
   * @default - the server's name
   */
  readonly title?: string;
}
