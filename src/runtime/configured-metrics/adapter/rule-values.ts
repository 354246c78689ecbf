import { Quantity } from '../../custom-metrics/quantity';
import { StatusError } from '../../server/status';

/** Thousandths, cut, as prometheus-adapter has them. @throws what is made of an infinite value, or NaN */
export function ruleQuantity(value: number, mistake: (problem: string) => StatusError): Quantity {
  if (!Number.isFinite(value)) throw mistake(`it gives ${value}`);
  return Quantity.ofMilli(BigInt(Math.trunc(value * 1000)));
}
