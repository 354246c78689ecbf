import { WatchContext } from '../../../src/runtime/cluster/collection-watch';
import { readConfiguration } from '../../../src/runtime/configured-metrics/configuration/configuration';
import { MetricObjects } from '../../../src/runtime/metric-sources/metric-objects';
import { SourceContext } from '../../../src/runtime/metric-sources/metric-origin';
import { PodPageRounds } from '../../../src/runtime/metric-sources/pods/pod-page-rounds';
import { SampleSource, SourceExchange } from '../../../src/runtime/metric-sources/sample-source';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { SourceMetrics } from '../../../src/runtime/prometheus/measured-prometheus';
import { Sample } from '../../../src/runtime/prometheus/samples';
import { SourceOutcomes } from '../../../src/runtime/prometheus/source-outcomes';
import { Sources } from '../../../src/runtime/prometheus/sources';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';

const { signal } = new AbortController();
const SOURCES = 'sources: [{name: main, url: "http://a"}, {name: other, url: "http://b"}]';

/** With an API server of the test, whose watches tell nothing unless it says so. */
export type TestContext = Partial<SourceContext> & { readonly client?: Partial<WatchContext['client']>; readonly podRoom?: ByteRoom };

/** What those that make the sources need beside. */
interface SourceSurroundings {
  readonly watching: WatchContext;
  readonly room: ByteRoom;
  readonly podRoom: ByteRoom;
}

/** Sources that ask nobody unless a test says whom. */
export function sourceContext({ client, podRoom = new ByteRoom(), ...given }: TestContext = {}): SourceContext & SourceSurroundings {
  const { clock = new ManualClock() } = given;
  const { sourceMetrics = new SourceMetrics(new MetricRegistry(), clock) } = given;
  const watching: WatchContext = {
    client: { request: () => Promise.reject(new Error('the API server is asked')), stream: () => new Promise(() => {}), ...client },
    clock,
    random: () => 0,
    logger: silentLogger,
  };
  const metricObjects = new MetricObjects(watching);
  return {
    sources: new Sources([]),
    watching,
    metricObjects,
    podPageRounds: new PodPageRounds({ metricObjects, sourceMetrics, room: podRoom, clock, userAgent: 'test' }),
    sourceMetrics,
    sourceOutcomes: new SourceOutcomes(new MetricRegistry(), clock, silentLogger),
    room: new ByteRoom(),
    podRoom,
    clock,
    userAgent: 'test',
    samplesOf: () => Promise.reject(new Error('another metric is asked')),
    ...given,
  };
}

/** The source of a metric that a configuration file declares by these fields. */
export async function declaredSource(fields: string, given: TestContext = {}): Promise<SampleSource> {
  const [metric] = (await readConfiguration('config.yaml', `${SOURCES}\nmetrics:\n- {name: a, ${fields}}`)).metrics;
  return metric.origin.open(metric, sourceContext(given));
}

/** Why such a metric is refused. */
export async function refusalOf(fields: string): Promise<string> {
  return readConfiguration('config.yaml', `${SOURCES}\nmetrics:\n- {name: a, ${fields}}`).then(() => 'it is taken', ({ message }) => message);
}

export interface Asked {
  readonly samples: readonly Sample[];
  readonly exchanges: readonly SourceExchange[];
}

export async function askOnce(source: SampleSource, timeMs = 0): Promise<Asked> {
  const exchanges: SourceExchange[] = [];
  return { samples: await source.samples(timeMs, signal, (exchange) => exchanges.push(exchange)), exchanges };
}
