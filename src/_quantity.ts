const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?([numkMGTPE]?|[KMGTPE]i)$/;

/** Value of a Kubernetes quantity such as `100m` or `200Mi`; undefined if it is none. */
export function quantityValue(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (!match) return undefined;
  const [, sign, digits, exponent = '', suffix] = match;
  if (exponent && suffix) return undefined;
  const number = Number(sign + digits + exponent);
  if (BINARY.includes(suffix)) return number * 1024 ** (BINARY.indexOf(suffix) + 1);
  const thousands = DECIMAL.indexOf(suffix) - DECIMAL.indexOf('');
  // Division rounds once: 100 / 1000 is 0.1, and 100 * 0.001 is not.
  return thousands < 0 ? number / 1000 ** -thousands : number * 1000 ** thousands;
}
