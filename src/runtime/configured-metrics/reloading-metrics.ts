import { accessSync, constants, readFileSync } from 'fs';
import { QueriedResources } from './adapter/rule-usage';
import { ConfigurationContext, PrometheusConfiguration, readConfiguration } from './configuration/configuration';
import { ConfiguredMetrics, ConfiguredMetricsOptions } from './configured-metrics';
import { Stop } from '../clock';
import { FreshnessMetrics } from './declared/freshness-metrics';
import { pause } from '../cluster/backoff';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider } from '../custom-metrics/provider';
import { Derivation, DerivedMetrics } from '../metric-sources/derivation';
import { StatusError } from '../server/status';
import { Counter, Gauge } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

export interface ReloadingMetricsOptions extends Omit<ConfiguredMetricsOptions, 'configuration'>, ConfigurationContext {
  /** Looked at every few seconds: Kubernetes replaces files of a ConfigMap as a whole. */
  readonly file: string;
  readonly registry: MetricRegistry;
}

const CHECK_MS = 5_000;
/** A new configuration takes over when it knows its metrics, or after so long. */
const HANDOVER_MS = 10_000;
/** What was asked of the old one ends by then. */
const GRACE_MS = 30_000;

/** Stands for one that cannot be used. */
const NONE: PrometheusConfiguration = { sources: [], metrics: [], rules: [], externalRules: [], adapters: [], files: [] };

/** The configuration may be newer than the pod, which lacks what is mounted for it: the next pod has that, or this one in a moment. */
class UnreadableFilesError extends Error {}

interface Running {
  readonly configuration: PrometheusConfiguration;
  readonly metrics: ConfiguredMetrics;
  readonly stop: Stop;
}

/** The metrics of a configuration file as it is now. One that cannot be used never replaces the one in use. */
export class ReloadingMetrics implements CustomMetricsProvider, ExternalMetricsProvider, DerivedMetrics {
  /**
   * Beside kubelets a configuration that cannot be used takes only its own metrics: a pod that restarts must not lose `metrics.k8s.io` by it.
   *
   * @throws ConfigurationError, or the file system's error when there is no configuration to begin with
   */
  static async load(options: ReloadingMetricsOptions): Promise<ReloadingMetrics> {
    const { file, besideKubelets } = options;
    const text = readFileSync(file, 'utf8');
    try {
      return new ReloadingMetrics(options, text, await readConfiguration(file, text, options));
    } catch (error) {
      if (!besideKubelets) throw error;
      return new ReloadingMetrics(options, text, NONE, (error as Error).message);
    }
  }

  private readonly controller = new AbortController();
  private readonly reloads: Counter<'success'>;
  private readonly successful: Gauge;
  private readonly lastSuccess: Gauge;
  private running: Running;
  private checked: Promise<void> = Promise.resolve();
  private awaitsFiles = false;

  private constructor(
    private readonly options: ReloadingMetricsOptions, private text: string, configuration: PrometheusConfiguration, private refusal?: string,
  ) {
    const { registry, log } = options;
    this.reloads = registry.counter({
      name: 'metrics_server_configuration_reload_total',
      help: '[ALPHA] Changes of the configuration of custom and external metrics, by whether they could be used.',
      labelNames: ['success'],
    });
    this.successful = registry.gauge({
      name: 'metrics_server_configuration_last_reload_successful',
      help: '[ALPHA] Whether the configuration of custom and external metrics in use is the one that the file holds.',
    });
    this.lastSuccess = registry.gauge({
      name: 'metrics_server_configuration_last_reload_success_timestamp_seconds',
      help: '[ALPHA] Unix time since which the configuration of custom and external metrics is in use.',
    });
    new FreshnessMetrics(registry, () => this.running.metrics.freshness);
    this.running = this.run(configuration);
    this.record(refusal === undefined);
    if (refusal !== undefined) log.error('configuration cannot be used, custom and external metrics are not served until it can', { err: refusal });
  }

  /** Looks after the file until it is stopped. */
  start(): Stop {
    void this.watch(this.controller.signal);
    return () => {
      this.controller.abort();
      this.running.stop();
    };
  }

  /** Looks at the file at once. */
  reload(): Promise<void> {
    // One after the other: two at once would replace the same one.
    this.checked = this.checked.then(() => this.check(this.controller.signal));
    return this.checked;
  }

  /** For usage of nodes and pods, where the configuration has rules for it now. */
  get resources(): QueriedResources | undefined {
    return this.running.metrics.resources;
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.running.metrics.listAllMetrics();
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.running.metrics.listAllExternalMetrics();
  }

  async getMetricByName(...request: Parameters<CustomMetricsProvider['getMetricByName']>): Promise<MetricValue> {
    return this.usable.getMetricByName(...request);
  }

  async getMetricBySelector(...request: Parameters<CustomMetricsProvider['getMetricBySelector']>): Promise<readonly MetricValue[]> {
    return this.usable.getMetricBySelector(...request);
  }

  async getExternalMetric(...request: Parameters<ExternalMetricsProvider['getExternalMetric']>): Promise<readonly ExternalMetricValue[]> {
    return this.usable.getExternalMetric(...request);
  }

  async deriveCustom(...request: Parameters<DerivedMetrics['deriveCustom']>): Promise<Derivation | undefined> {
    return this.usable.deriveCustom(...request);
  }

  async deriveExternal(...request: Parameters<DerivedMetrics['deriveExternal']>): Promise<Derivation | undefined> {
    return this.usable.deriveExternal(...request);
  }

  /** @throws StatusError that says why there is none */
  private get usable(): ConfiguredMetrics {
    if (this.refusal !== undefined) throw StatusError.serviceUnavailable(`the configuration of custom and external metrics cannot be used: ${this.refusal}`);
    return this.running.metrics;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(this.options.clock, CHECK_MS, signal);
      if (!signal.aborted) await this.reload();
    }
  }

  private async check(signal: AbortSignal): Promise<void> {
    const { file, log } = this.options;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // It is being replaced, or gone: what is in use stays.
      return;
    }
    const isKnown = text === this.text;
    if (isKnown && !this.awaitsFiles) return;
    this.text = text;
    try {
      const configuration = await readConfiguration(file, text, this.options);
      if (this.refusal === undefined) this.assertReadable(configuration);
      await this.replace(configuration, signal);
      this.awaitsFiles = false;
      this.refusal = undefined;
      this.reloads.inc({ success: 'true' });
      this.record(true);
      log.info('configuration reloaded', { file });
    } catch (error) {
      this.awaitsFiles = error instanceof UnreadableFilesError;
      if (isKnown) return;
      this.reloads.inc({ success: 'false' });
      this.record(false);
      if (this.refusal !== undefined) this.refusal = (error as Error).message;
      log.error(`configuration cannot be used, ${this.refusal === undefined ? 'the last good one stays' : 'nor could one before it'}`, { err: (error as Error).message });
    }
  }

  /** What one in use cannot read is told of its source alone: it keeps nobody from changing the others. @throws UnreadableFilesError */
  private assertReadable({ files }: PrometheusConfiguration): void {
    const unreadable = files.filter((path) => !this.running.configuration.files.includes(path)).flatMap((path) => {
      try {
        accessSync(path, constants.R_OK);
        return [];
      } catch (error) {
        return [`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`];
      }
    });
    if (unreadable.length > 0) throw new UnreadableFilesError(`${this.options.file}: ${unreadable.join(', ')}; it is used once they can`);
  }

  private async replace(configuration: PrometheusConfiguration, signal: AbortSignal): Promise<void> {
    const { clock, sourceOutcomes } = this.options;
    const next = this.run(configuration, this.running.metrics);
    await Promise.race([next.metrics.discovered, pause(clock, HANDOVER_MS, signal)]);
    const old = this.running;
    next.metrics.continueFrom(old.metrics);
    this.running = next;
    old.metrics.retire();
    const sinceMs = clock.monotonic();
    if (signal.aborted) next.stop();
    void pause(clock, GRACE_MS, signal).then(() => {
      old.stop();
      sourceOutcomes.retain(this.running.metrics.sourceNames, sinceMs);
    });
  }

  private run(configuration: PrometheusConfiguration, before?: ConfiguredMetrics): Running {
    const metrics = new ConfiguredMetrics({ ...this.options, configuration, before });
    return { configuration, metrics, stop: metrics.start() };
  }

  private record(successful: boolean): void {
    this.successful.set({}, successful ? 1 : 0);
    if (successful) this.lastSuccess.set({}, this.options.clock.now() / 1000);
  }
}
