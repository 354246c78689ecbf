import { Quantity } from '../../custom-metrics/quantity';
import { StatusError } from '../../server/status';

/** Thousandths, cut, as prometheus-adapter has them. @throws StatusError for an infinite value, or NaN */
export function ruleQuantity(value: number, query: string): Quantity {
  if (!Number.isFinite(value)) throw StatusError.internalError(`the query gives ${value}; query: ${query}`);
  return Quantity.ofMilli(BigInt(Math.trunc(value * 1000)));
}
