import { Flag, FLAG_SECTIONS, FLAGS } from '../../_facts/flags';

const INTRODUCTION = `Scrapes kubelets and serves the metrics API (metrics.k8s.io)

Usage:
  metrics-server [flags]
  metrics-server doctor [flags]                    say what is wrong between kubelets and kubectl top
  metrics-server approve-kubelet-serving [flags]   approve the serving certificates that kubelets ask for
  metrics-server metrics-adapter [flags]           serve metrics from Prometheus for autoscalers, in place of prometheus-adapter
`;

const GAP = '   ';

/** What `--help` prints: metrics-server's sections, laid out as there, then the flags that metrics-server lacks. */
export function helpText(flags: readonly Flag[] = FLAGS, introduction = INTRODUCTION): string {
  const sections = FLAG_SECTIONS.map((section) => ({ section, members: flags.filter((flag) => flag.section === section) }));
  return [introduction, ...sections.filter(({ members }) => members.length > 0).map(sectionText)].join('\n');
}

function sectionText({ section, members }: { section: string; members: readonly Flag[] }): string {
  const sorted = [...members].sort((a, b) => (a.name < b.name ? -1 : 1));
  const width = Math.max(...sorted.map((flag) => spelling(flag).length));
  const lines = sorted.map((flag) => `${spelling(flag).padEnd(width)}${GAP}${flag.usage}${defaultNote(flag)}`);
  return `${section} flags:\n\n${lines.join('\n')}\n`;
}

function spelling({ name, shorthand, type }: Flag): string {
  return `${shorthand ? `  -${shorthand}, ` : '      '}--${name}${type === 'bool' ? '' : ` ${type}`}`;
}

/** As pflag, which is silent about zero values and writes texts and lists in its own way. */
function defaultNote({ type, default: value }: Flag): string {
  if (type === 'int32Slice' || type === 'namedCertKey') return ` (default [${value}])`;
  if (['', '0', '0s', 'false'].includes(value)) {
    return '';
  }
  return ` (default ${type === 'string' ? `"${value}"` : type === 'strings' ? `[${value}]` : value})`;
}
