const UNITS_MS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000], ['w', 7 * 86_400_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1],
];
const DURATION = new RegExp(`^${UNITS_MS.map(([unit]) => `(?:([0-9]{1,12})${unit})?`).join('')}$`);

/** Milliseconds of a duration as Prometheus writes it, whole numbers from large to small units: `5m`, `1h30m`, `1d`. Undefined when it is none. */
export function parsePrometheusDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = text === '' ? null : DURATION.exec(text);
  return match?.slice(1).reduce((sum, count = '0', index) => sum + Number(count) * UNITS_MS[index][1], 0);
}
