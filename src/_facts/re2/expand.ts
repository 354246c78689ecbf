import { Re2, Re2Match } from './re2';

/** `$$`, `${name}` and `$name`, whose name is as long as it can be: `$1x` is the group named `1x`. */
const REFERENCE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** Puts groups of a match into a template, as Go's Regexp.Expand does: what does not exist is empty, a lone `$` stays. */
export function expand(template: string, { groupNames }: Re2, match: Re2Match): string {
  return template.replace(REFERENCE, (_, dollar?: string, inBraces?: string, plain?: string) => {
    if (dollar !== undefined) return '$';
    const name = inBraces ?? plain!;
    if (/^(?:0|[1-9][0-9]{0,8})$/.test(name)) return match[Number(name)] ?? '';
    return match.find((text, group) => text !== undefined && groupNames[group] === name) ?? '';
  });
}
