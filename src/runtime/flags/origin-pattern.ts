/** A regular expression of Go's as one of ours; undefined when it is none. The case of letters is the one thing that Go's may set at their start; groups may have names. */
export function originPattern(text: string): RegExp | undefined {
  const [, ignoreCase, pattern] = /^(\(\?i\))?(.*)$/s.exec(text)!;
  try {
    return new RegExp(pattern.replaceAll('(?P<', '(?<'), ignoreCase ? 'i' : '');
  } catch {
    return undefined;
  }
}
