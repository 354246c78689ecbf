import { HealthCheck, HealthChecks } from './health-check';
import { Reply, textReply } from './reply';
import { goQuote } from '../go-quote';
import { Logger } from '../telemetry/logger';

const healthy = (name: string): HealthCheck => ({ name, check: () => undefined });

/** The server's own, which upstream has too and its tests read: always well, because they answer. */
const OWN_CHECKS = [
  'ping', 'log', 'poststarthook/max-in-flight-filter', 'poststarthook/storage-object-count-tracker-hook',
].map(healthy);

type Endpoint = 'livez' | 'readyz' | 'healthz';

/** /livez, /readyz and /healthz, with a path for each of their checks. */
export class HealthEndpoints {
  private readonly checks: Readonly<Record<Endpoint, readonly HealthCheck[]>>;
  private readonly lastReasons = new Map<HealthCheck, string | undefined>();

  /** As long as `startsUp`, /livez does not ask its checks. */
  constructor(checks: HealthChecks, shutdown: HealthCheck, private readonly logger: Logger, private readonly startsUp = () => false) {
    this.checks = {
      livez: [...OWN_CHECKS, ...checks.livez],
      readyz: [...OWN_CHECKS, ...checks.readyz, shutdown],
      healthz: [...OWN_CHECKS, ...checks.healthz],
    };
  }

  get paths(): string[] {
    return Object.entries(this.checks).flatMap(([endpoint, checks]) => [
      `/${endpoint}`, ...checks.filter(({ silent }) => !silent).map(({ name }) => `/${endpoint}/${name}`),
    ]);
  }

  /** Undefined when the path is none of these. */
  reply(path: string, query: URLSearchParams): Reply | undefined {
    const [, endpoint, ...rest] = path.split('/');
    if (!Object.hasOwn(this.checks, endpoint)) return undefined;
    const own = this.checks[endpoint as Endpoint];
    const checks = endpoint === 'livez' && this.startsUp() ? own.map((check) => ({ ...check, ...healthy(check.name) })) : own;
    if (rest.length === 0) return this.replyAll(endpoint, checks, query);
    const single = checks.find(({ name }) => name === rest.join('/'));
    if (single === undefined) return undefined;
    if (this.passes(single)) return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
    return textReply(500, `internal server error: ${single.told ?? 'reason withheld'}\n`);
  }

  private replyAll(endpoint: string, checks: readonly HealthCheck[], query: URLSearchParams): Reply {
    const excluded = new Set(query.getAll('exclude'));
    let failed = false;
    let lines = '';
    for (const check of checks) {
      if (excluded.delete(check.name)) {
        lines += `[+]${check.name} excluded: ok\n`;
      } else if (this.passes(check)) {
        if (!check.silent) lines += `[+]${check.name} ok\n`;
      } else {
        failed = true;
        lines += `[-]${check.name} failed: reason withheld\n`;
      }
    }
    if (excluded.size > 0) {
      const names = [...excluded].map(goQuote).join(', ');
      lines += `warn: some health checks cannot be excluded: no matches for ${names}\n`;
    }
    if (failed) return textReply(500, `${lines}${endpoint} check failed\n`);
    return textReply(200, query.has('verbose') ? `${lines}${endpoint} check passed\n` : 'ok');
  }

  /** A check may stand under several endpoints; its reason is logged when it changes, not at each probe. */
  private passes(check: HealthCheck): boolean {
    const reason = check.check();
    if (!check.logsItself && this.lastReasons.get(check) !== reason) {
      this.lastReasons.set(check, reason);
      if (reason === undefined) this.logger.info('Probe recovered', { probe: check.name });
      else this.logger.error('Failed probe', { probe: check.name, err: reason });
    }
    return reason === undefined;
  }
}
