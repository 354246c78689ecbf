/** Two digits that count, three from 10 on. */
export function digits(value: number): string {
  const count = value >= 10 ? 3 : 2;
  return Number(value.toPrecision(count)).toLocaleString('en', { maximumFractionDigits: 4 });
}
