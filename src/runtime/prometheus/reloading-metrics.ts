import { readFileSync } from 'fs';
import { QueriedResources } from './adapter/rule-usage';
import { ConfigurationContext, PrometheusConfiguration, readConfiguration } from './configuration/configuration';
import { ConfiguredMetrics, ConfiguredMetricsOptions } from './configured-metrics';
import { Stop } from '../clock';
import { pause } from '../cluster/backoff';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider } from '../custom-metrics/provider';
import { Derivation, DerivedMetrics } from '../metric-sources/derivation';
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

interface Running {
  readonly metrics: ConfiguredMetrics;
  readonly stop: Stop;
}

/** The metrics of a configuration file as it is now. One that cannot be used never replaces the one in use. */
export class ReloadingMetrics implements CustomMetricsProvider, ExternalMetricsProvider, DerivedMetrics {
  /** @throws ConfigurationError, or the file system's error when there is no configuration to begin with */
  static async load(options: ReloadingMetricsOptions): Promise<ReloadingMetrics> {
    const text = readFileSync(options.file, 'utf8');
    return new ReloadingMetrics(options, text, await readConfiguration(options.file, text, options));
  }

  private readonly controller = new AbortController();
  private readonly reloads: Counter<'success'>;
  private readonly successful: Gauge;
  private readonly lastSuccess: Gauge;
  private readonly ages: Gauge<'metric'>;
  private shown: readonly string[] = [];
  private running: Running;
  private checked: Promise<void> = Promise.resolve();

  private constructor(private readonly options: ReloadingMetricsOptions, private text: string, configuration: PrometheusConfiguration) {
    const { registry } = options;
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
    this.ages = registry.gauge({
      name: 'metrics_server_declared_metric_age_seconds',
      help: '[ALPHA] Age of the values that are served of declared metrics.',
      labelNames: ['metric'],
    });
    registry.collect(() => this.showAges());
    this.running = this.run(configuration);
    this.record(true);
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

  getMetricByName(...request: Parameters<CustomMetricsProvider['getMetricByName']>): Promise<MetricValue> {
    return this.running.metrics.getMetricByName(...request);
  }

  getMetricBySelector(...request: Parameters<CustomMetricsProvider['getMetricBySelector']>): Promise<readonly MetricValue[]> {
    return this.running.metrics.getMetricBySelector(...request);
  }

  getExternalMetric(...request: Parameters<ExternalMetricsProvider['getExternalMetric']>): Promise<readonly ExternalMetricValue[]> {
    return this.running.metrics.getExternalMetric(...request);
  }

  deriveCustom(...request: Parameters<DerivedMetrics['deriveCustom']>): Promise<Derivation | undefined> {
    return this.running.metrics.deriveCustom(...request);
  }

  deriveExternal(...request: Parameters<DerivedMetrics['deriveExternal']>): Promise<Derivation | undefined> {
    return this.running.metrics.deriveExternal(...request);
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
    if (text === this.text) return;
    this.text = text;
    try {
      await this.replace(await readConfiguration(file, text, this.options), signal);
      this.reloads.inc({ success: 'true' });
      this.record(true);
      log.info('configuration reloaded', { file });
    } catch (error) {
      this.reloads.inc({ success: 'false' });
      this.record(false);
      log.error('configuration cannot be used, the last good one stays', { err: (error as Error).message });
    }
  }

  private async replace(configuration: PrometheusConfiguration, signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const next = this.run(configuration);
    await Promise.race([next.metrics.discovered, pause(clock, HANDOVER_MS, signal)]);
    const old = this.running;
    this.running = next;
    if (signal.aborted) next.stop();
    void pause(clock, GRACE_MS, signal).then(old.stop);
  }

  private run(configuration: PrometheusConfiguration): Running {
    const metrics = new ConfiguredMetrics({ ...this.options, configuration });
    return { metrics, stop: metrics.start() };
  }

  private showAges(): void {
    const { ages } = this.running.metrics;
    for (const metric of this.shown) this.ages.remove({ metric });
    for (const [metric, ageMs] of ages) this.ages.set({ metric }, ageMs / 1000);
    this.shown = [...ages.keys()];
  }

  private record(successful: boolean): void {
    this.successful.set({}, successful ? 1 : 0);
    if (successful) this.lastSuccess.set({}, this.options.clock.now() / 1000);
  }
}
