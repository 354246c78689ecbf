export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** The two lines above a family's samples. */
export function formatHeader(name: string, type: MetricType, help: string): string {
  return `# HELP ${name} ${escape(help, HELP_ESCAPES)}\n# TYPE ${name} ${type}\n`;
}

/** One sample; `labels` as formatLabels made it. */
export function formatSample(name: string, labels: string, value: number): string {
  return `${name}${labels && `{${labels}}`} ${formatNumber(value)}\n`;
}

/** `a="1",b="2"`: different values never give the same text. */
export function formatLabels(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escape(values[index], LABEL_ESCAPES)}"`).join();
}

export function formatNumber(value: number): string {
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}

const HELP_ESCAPES = /[\\\n]/g;
const LABEL_ESCAPES = /[\\\n"]/g;

function escape(text: string, escaped: RegExp): string {
  return text.replace(escaped, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
