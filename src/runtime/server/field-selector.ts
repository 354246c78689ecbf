/** One condition of a field selector: `metadata.name=web-1`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Reads `a=b,c==d,e!=f`; `\` escapes a comma, an equals sign or itself in values. Sorted; throws with apimachinery's wording. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  if (text === '') return [];
  return splitTerms(text).sort().map((term) => {
    const match = /^(?<field>.*?)(?<operator>!=|==|=)(?<value>.*)$/s.exec(term);
    if (!match?.groups) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
    const { field, operator, value } = match.groups;
    return { field, operator: operator === '!=' ? '!=' : '=', value: unescape(value) };
  });
}

/** The one name that `metadata.name=…` allows, if there is one. */
export function exactName(requirements: readonly FieldRequirement[]): string | undefined {
  const name = requirements.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value;
  return name !== undefined && isPathSegment(name) ? name : undefined;
}

function isPathSegment(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name);
}

/** Splits at commas that no backslash escapes; empty terms say nothing. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [];
}

function unescape(value: string): string {
  return value.replace(/\\(.?)|=/gsu, (sequence, escaped?: string) => {
    if (escaped === undefined) throw new Error(`invalid field selector: unescaped character in value: ${sequence.charCodeAt(0)}`);
    if (!/^[\\,=]$/.test(escaped)) throw new Error(`invalid field selector: invalid escape sequence: ${sequence}`);
    return escaped;
  });
}
