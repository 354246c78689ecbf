/** DER of the extension's OID, 2.5.29.19. */
const OID = Buffer.from('0603551d13', 'hex');
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;

/** How many CAs may stand between this CA and a leaf: `pathLenConstraint`, which node:crypto does not tell. Infinity without one. */
export function pathLengthOf(der: Buffer): number {
  const start = der.indexOf(OID);
  if (start < 0) return Infinity;
  let position = skip(der, start + OID.length, BOOLEAN);
  if (der[position] !== OCTET_STRING || der[position + 2] !== SEQUENCE) return Infinity;
  const end = position + 2 + der[position + 1];
  position = skip(der, position + 4, BOOLEAN);
  return position < end && der[position] === INTEGER ? der.readUIntBE(position + 2, Math.min(der[position + 1], 6)) : Infinity;
}

/** Past the element at `position` if it has this tag. All lengths here are below 128. */
function skip(der: Buffer, position: number, tag: number): number {
  return der[position] === tag ? position + 2 + der[position + 1] : position;
}
