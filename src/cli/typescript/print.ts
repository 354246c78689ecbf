import { Call, Expression, Fields, isList, Reference } from './expression';

const WIDTH = 120;

/** Names in braces, as an import has them. */
export function printNames(names: readonly string[], before: string, behind: string): string {
  const line = `${before}{ ${names.join(', ')} }${behind}`;
  return line.length <= WIDTH ? line : `${before}{\n${names.map((name) => `  ${name},\n`).join('')}}${behind}`;
}

/** An expression as source text, on one line where it fits behind `indent` and `before` columns of other text. */
export function print(value: Expression, indent = 0, before = 0): string {
  const line = onOneLine(value);
  return indent + before + line.length <= WIDTH && !line.includes('\n') ? line : onSeveralLines(value, indent);
}

/** A property's name, quoted where it has to be. */
export function printName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

function onOneLine(value: Expression): string {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Reference) return value.path;
  if (value instanceof Call) return `${value.path}(${value.args.map(onOneLine).join(', ')})`;
  if (isList(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const fields = fieldsOf(value).map(([name, field]) => `${printName(name)}: ${onOneLine(field)}`);
  return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}';
}

function onSeveralLines(value: Expression, indent: number): string {
  const deeper = ' '.repeat(indent + 2);
  const lines = (entries: string[]) => entries.map((entry) => `${deeper}${entry},\n`).join('');
  const end = ' '.repeat(indent);
  if (value instanceof Call) {
    // The last argument, an object or a list, hugs the parentheses.
    const first = value.args.slice(0, -1).map((arg) => `${onOneLine(arg)}, `).join('');
    return `${value.path}(${first}${print(value.args[value.args.length - 1], indent, value.path.length + first.length + 2)})`;
  }
  if (typeof value !== 'object' || value === null || value instanceof Reference) return onOneLine(value);
  if (isList(value)) return `[\n${lines(value.map((element) => print(element, indent + 2, 1)))}${end}]`;
  const fields = fieldsOf(value).map(([name, field]) => `${printName(name)}: ${print(field, indent + 2, printName(name).length + 3)}`);
  return `{\n${lines(fields)}${end}}`;
}

function fieldsOf(value: Fields): [string, Expression][] {
  return Object.entries(value).filter((entry): entry is [string, Expression] => entry[1] !== undefined);
}

/** In single quotes; text of several lines, such as a certificate, as a template. */
function text(value: string): string {
  if (value.includes('\n')) return `\`${value.replace(/[\\`]|\$\{/g, '\\$&')}\``;
  return `'${JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, '\\\'')}'`;
}
