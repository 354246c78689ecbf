/*
 * Rules for label keys and values, with the wording of k8s.io/apimachinery's util/validation: a client sees the same
 * message as from kube-apiserver. Lengths are counted in bytes, as Go does.
 */

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const VALUE = `(${NAME})?`;

const name = new RegExp(`^${NAME}$`);
const dnsSubdomain = new RegExp(`^${DNS_SUBDOMAIN}$`);
const value = new RegExp(`^${VALUE}$`);

const CHARACTERS = "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const NAME_RULE = `must ${CHARACTERS} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;
const VALUE_RULE = `a valid label must be an empty string or ${CHARACTERS} `
  + `(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${VALUE}')`;
const DNS_SUBDOMAIN_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
  + `and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${DNS_SUBDOMAIN}')`;

/** What is wrong with a label key, `[prefix/]name`; empty when nothing is. */
export function labelKeyErrors(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const prefix = parts.length === 2 ? prefixErrors(parts[0]) : [];
  return [...prefix.map((error) => `prefix part ${error}`), ...nameErrors(parts[parts.length - 1]).map((error) => `name part ${error}`)];
}

/** What is wrong with a label value; empty when nothing is. */
export function labelValueErrors(text: string): string[] {
  return [...lengthErrors(text, 63), ...(value.test(text) ? [] : [VALUE_RULE])];
}

/** What is wrong with a lowercase RFC 1123 subdomain; empty when nothing is. */
export function dnsSubdomainErrors(text: string): string[] {
  return [...lengthErrors(text, 253), ...(dnsSubdomain.test(text) ? [] : [DNS_SUBDOMAIN_RULE])];
}

function prefixErrors(prefix: string): string[] {
  return prefix === '' ? ['must be non-empty'] : dnsSubdomainErrors(prefix);
}

function nameErrors(text: string): string[] {
  return [
    ...(text === '' ? ['must be non-empty'] : lengthErrors(text, 63)),
    ...(name.test(text) ? [] : [NAME_RULE]),
  ];
}

function lengthErrors(text: string, maxBytes: number): string[] {
  return Buffer.byteLength(text) > maxBytes ? [`must be no more than ${maxBytes} bytes`] : [];
}
