const SUFFIX_EXPONENTS: Readonly<Record<string, [base: number, exponent: number]>> = {
  'n': [10, -9], 'u': [10, -6], 'm': [10, -3], '': [10, 0], 'k': [10, 3], 'M': [10, 6], 'G': [10, 9], 'T': [10, 12], 'P': [10, 15], 'E': [10, 18],
  'Ki': [2, 10], 'Mi': [2, 20], 'Gi': [2, 30], 'Ti': [2, 40], 'Pi': [2, 50], 'Ei': [2, 60],
};

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/;

/** Value of a Kubernetes quantity such as `100m` or `200Mi`; undefined if it is none. */
export function quantityValue(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, sign, digits, exponent = '', suffix = ''] = match;
  const [base, power] = SUFFIX_EXPONENTS[suffix];
  // Division keeps thousandths exact to the last bit (100 / 1000 is 0.1; 100 * 0.001 is not).
  const number = Number(digits + exponent);
  const value = power < 0 ? number / base ** -power : number * base ** power;
  return sign === '-' ? -value : value;
}
