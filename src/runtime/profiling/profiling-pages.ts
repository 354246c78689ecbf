import { Clock } from '../clock';
import { encodePprof, StackProfile } from './pprof';
import { cpuProfile, heapProfile } from './profiler';
import { Reply, textReply } from '../server/reply';
import { textPage, Page } from '../server/router';

/** As Go's net/http/pprof. */
const DEFAULT_SECONDS = 30;

type Profile = (clock: Clock, durationMs: number, signal: AbortSignal) => Promise<StackProfile>;

const INDEX = `<html><head><title>/debug/pprof/</title></head><body>
<p>Profiles of this process, for go tool pprof:</p>
<ul>
<li><a href="profile?seconds=30">profile</a>: what ran in that time</li>
<li><a href="heap?seconds=30">heap</a>: what was allocated in that time and is still in use</li>
<li><a href="cmdline">cmdline</a>: the command line</li>
</ul>
</body></html>
`;

/** Go's profiles that V8 has no counterpart of. */
const WITHOUT_COUNTERPART = ['allocs', 'block', 'goroutine', 'mutex', 'threadcreate', 'trace'];

/** The pages of Go's net/http/pprof. */
export function profilingPages(clock: Clock): Readonly<Record<string, Page>> {
  let busy = false;
  const profilePage = (name: string, take: Profile): Page => async ({ method, query, signal }) => {
    const seconds = Number(query.get('seconds') ?? DEFAULT_SECONDS);
    if (!(seconds > 0)) return textReply(400, 'seconds must be a positive number\n');
    if (method === 'HEAD') return profileReply(name, []);
    if (busy) return textReply(500, 'Could not enable profiling: another profile is being taken\n');
    busy = true;
    try {
      const profile = await take(clock, seconds * 1000, signal);
      return profileReply(name, [encodePprof(profile)]);
    } finally {
      busy = false;
    }
  };
  const unknown: Page = ({ info }) => textReply(404, `Unknown profile: Node.js has no ${info.path.slice('/debug/pprof/'.length)}; there are profile and heap\n`);
  return {
    '/debug/pprof': () => ({ status: 302, headers: { location: '/debug/pprof/' }, body: '' }),
    '/debug/pprof/': textPage('text/html; charset=utf-8', () => INDEX),
    '/debug/pprof/cmdline': () => textReply(200, process.argv.join('\0')),
    '/debug/pprof/heap': profilePage('heap', heapProfile),
    '/debug/pprof/profile': profilePage('profile', cpuProfile),
    // Names stand in the profiles; there is nothing to look up.
    '/debug/pprof/symbol': () => textReply(200, 'num_symbols: 0\n'),
    ...Object.fromEntries(WITHOUT_COUNTERPART.map((name) => [`/debug/pprof/${name}`, unknown])),
  };
}

function profileReply(name: string, body: readonly Buffer[]): Reply {
  return { status: 200, headers: { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename="${name}"` }, body };
}
